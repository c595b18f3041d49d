import { useState, type SyntheticEvent } from "react";
import type { AuthenticatorBegun } from "@/shared/api/account-schemas";
import { strings } from "@/shared/strings";
import { Check } from "@/shared/ui/check";
import { CodeField } from "@/shared/ui/code-field";

interface Props {
  readonly begun: AuthenticatorBegun;
  readonly busy: boolean;
  /** Whether the person may have the app's code be enough. */
  readonly chooses: boolean;
  readonly onConfirm: (code: string, secondFactor: boolean) => Promise<void>;
  readonly onCancel: () => void;
  readonly onProblem: (problem: string) => void;
}

/** The secret goes into the app, and a code of the app shows that it arrived there: only then a login may need it. */
export function EnrolForm({ begun, busy, chooses, onConfirm, onCancel, onProblem }: Props) {
  const text = strings.authenticator;
  const [code, setCode] = useState("");
  const [secondFactor, setSecondFactor] = useState(!chooses);
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    if (code === "") {
      onProblem(strings.login.totpEmpty);
    } else {
      void onConfirm(code, secondFactor);
    }
  };

  return (
    <form className="stack" onSubmit={submit} noValidate>
      <p>{text.scan}</p>
      <img className="qr" src={`data:image/svg+xml,${encodeURIComponent(begun.qr_svg)}`} alt={text.picture} data-testid="authenticator-qr" />
      <p>
        {text.key}: <code className="key" data-testid="authenticator-key">{begun.secret.match(/.{1,4}/g)?.join(" ")}</code>
      </p>
      <a href={begun.uri}>{text.open}</a>
      <CodeField id="authenticator-code" label={text.confirmCode} hint={strings.login.totpHint} value={code} onChange={setCode} />
      {chooses ? (
        <Check testId="authenticator-second" checked={secondFactor} onChange={setSecondFactor}>
          <span>
            {text.secondFactor} <small className="hint">{text.secondFactorHint}</small>
          </span>
        </Check>
      ) : null}
      <div className="buttons">
        <button type="submit" className="primary" disabled={busy} data-testid="authenticator-confirm">
          {text.confirm}
        </button>
        <button type="button" onClick={onCancel}>
          {text.cancel}
        </button>
      </div>
    </form>
  );
}
