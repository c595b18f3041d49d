import { useEffect, useRef, useState, type SyntheticEvent } from "react";
import type { LoginCodes } from "@/shared/api/requests";
import { useNow } from "@/shared/now";
import { strings } from "@/shared/strings";
import { CodeField } from "@/shared/ui/code-field";

export interface CodeSent {
  readonly places: readonly string[];
  /** On the page's own clock. */
  readonly atMs: number;
  readonly lifeMs: number;
}

interface Props {
  readonly ask: "code" | "totp" | "both";
  readonly sent: CodeSent | null;
  readonly busy: boolean;
  readonly onEnter: (codes: LoginCodes) => Promise<void>;
  readonly onSend: () => Promise<void>;
  readonly onApp: () => void;
  readonly onOther: () => void;
  readonly onProblem: (problem: string) => void;
}

const resendAfterMs = 30_000;

/** One code, or both where the client has chosen that. What was typed stays while the other code is asked for. */
export function CodesForm({ ask, sent, busy, onEnter, onSend, onApp, onOther, onProblem }: Props) {
  const [code, setCode] = useState("");
  const [totp, setTotp] = useState("");
  const codeField = useRef<HTMLInputElement>(null);
  const totpField = useRef<HTMLInputElement>(null);
  const wantsCode = ask !== "totp";
  const wantsApp = ask !== "code";
  useEffect(() => {
    const empty = [codeField, totpField].find(({ current }) => current?.value === "");
    (empty ?? codeField).current?.focus();
  }, [sent, ask]);

  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    if (wantsCode && code === "") {
      onProblem(strings.login.codeEmpty);
    } else if (wantsApp && totp === "") {
      onProblem(strings.login.totpEmpty);
    } else {
      void onEnter({ ...(wantsCode ? { code } : {}), ...(wantsApp ? { totp } : {}) }).then(() => {
        (wantsApp ? totpField : codeField).current?.select();
      });
    }
  };

  return (
    <form onSubmit={submit} noValidate>
      {ask === "both" ? <p className="note">{strings.login.both}</p> : null}
      {wantsCode ? (
        <>
          {sent === null ? null : <SentNote sent={sent} />}
          <CodeField id="login-code" label={strings.login.code} hint={strings.login.codeHint} value={code} onChange={setCode} field={codeField} />
        </>
      ) : null}
      {wantsApp ? <CodeField id="login-totp" label={strings.login.totp} hint={strings.login.totpHint} value={totp} onChange={setTotp} field={totpField} /> : null}
      <button type="submit" className="primary wide" data-testid="login-submit" disabled={busy}>
        {busy ? strings.login.submitting : strings.login.submit}
      </button>
      {wantsCode ? <Resend sent={sent} busy={busy} onSend={onSend} /> : null}
      {ask === "code" ? (
        <button type="button" className="wide" data-testid="login-app" onClick={onApp}>
          {strings.login.noCode}
        </button>
      ) : null}
      {ask === "totp" ? (
        <button type="button" className="wide" disabled={busy} onClick={() => void onSend()}>
          {strings.login.sendInstead}
        </button>
      ) : null}
      <button type="button" className="quiet" onClick={onOther}>
        {strings.login.other}
      </button>
    </form>
  );
}

function SentNote({ sent }: { readonly sent: CodeSent }) {
  const expired = useNow() - sent.atMs > sent.lifeMs;
  return (
    <p className="note" role="status">
      {expired ? strings.login.expired : strings.login.sentTo(sent.places)}
    </p>
  );
}

function Resend({ sent, busy, onSend }: Pick<Props, "sent" | "busy" | "onSend">) {
  const now = useNow();
  const inMs = sent === null ? 0 : resendAfterMs - Math.max(0, now - sent.atMs);
  return inMs > 0 ? (
    <p className="hint">{strings.login.resendIn(Math.ceil(inMs / 1000))}</p>
  ) : (
    <button type="button" className="wide" disabled={busy} onClick={() => void onSend()}>
      {strings.login.resend}
    </button>
  );
}
