import { useEffect, useRef, useState, type SyntheticEvent } from "react";
import { ApiError } from "@/shared/api/http";
import { exchangeCode, requestCode } from "@/shared/api/requests";
import { beginSession } from "@/shared/api/session";
import { useNow } from "@/shared/now";
import { strings } from "@/shared/strings";

interface CodeSent {
  readonly clientId: string;
  readonly places: readonly string[];
  readonly at: number;
  readonly lifeMs: number;
}

const resendAfterMs = 30_000;

export function LoginPage({ reason }: { readonly reason: string | null }) {
  const [sent, setSent] = useState<CodeSent | null>(null);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);

  const attempt = async (work: () => Promise<void>): Promise<void> => {
    setBusy(true);
    setProblem(null);
    try {
      await work();
    } catch (error) {
      setProblem(error instanceof ApiError ? error.message : strings.errors.network);
    } finally {
      setBusy(false);
    }
  };

  const send = (clientId: string): Promise<void> =>
    attempt(async () => {
      const answer = await requestCode(clientId);
      setSent({ clientId, places: answer.sent_to, at: performance.now(), lifeMs: answer.expires_in_seconds * 1000 });
    });

  const enter = (clientId: string, code: string): Promise<void> =>
    attempt(async () => {
      beginSession(await exchangeCode(clientId, code));
    });

  return (
    <section className="card login" aria-labelledby="login-title">
      <h1 id="login-title">{strings.login.title}</h1>
      <p className="lead">{strings.login.lead}</p>
      {reason !== null && sent === null && problem === null ? (
        <p className="note" role="status">
          {reason}
        </p>
      ) : null}
      <Problem text={problem} />
      {sent === null ? (
        <ClientIdForm busy={busy} onSend={send} onProblem={setProblem} />
      ) : (
        <CodeForm
          sent={sent}
          busy={busy}
          onEnter={enter}
          onResend={send}
          onProblem={setProblem}
          onOther={() => {
            setSent(null);
            setProblem(null);
          }}
        />
      )}
      <p className="small">{strings.login.promise}</p>
    </section>
  );
}

function Problem({ text }: { readonly text: string | null }) {
  return text === null ? null : (
    <p className="problem" role="alert">
      {text}
    </p>
  );
}

interface ClientIdFormProps {
  readonly busy: boolean;
  readonly onSend: (clientId: string) => Promise<void>;
  readonly onProblem: (problem: string) => void;
}

function ClientIdForm({ busy, onSend, onProblem }: ClientIdFormProps) {
  const [clientId, setClientId] = useState("");
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    if (clientId === "") {
      onProblem(strings.login.clientIdEmpty);
      return;
    }

    void onSend(clientId);
  };

  return (
    <form onSubmit={submit} noValidate>
      <label htmlFor="client-id">{strings.login.clientId}</label>
      <input
        id="client-id"
        data-testid="login-client-id"
        value={clientId}
        onChange={(event) => {
          setClientId(event.target.value.toUpperCase().replaceAll(/[^A-Z0-9]/g, ""));
        }}
        maxLength={10}
        autoComplete="username"
        autoCapitalize="characters"
        spellCheck={false}
        aria-describedby="client-id-hint"
        autoFocus
      />
      <p id="client-id-hint" className="hint">
        {strings.login.clientIdHint}
      </p>
      <button type="submit" className="primary wide" data-testid="login-send" disabled={busy}>
        {busy ? strings.login.sending : strings.login.send}
      </button>
    </form>
  );
}

interface CodeFormProps {
  readonly sent: CodeSent;
  readonly busy: boolean;
  readonly onEnter: (clientId: string, code: string) => Promise<void>;
  readonly onResend: (clientId: string) => Promise<void>;
  readonly onProblem: (problem: string) => void;
  readonly onOther: () => void;
}

function CodeForm({ sent, busy, onEnter, onResend, onProblem, onOther }: CodeFormProps) {
  const [code, setCode] = useState("");
  const field = useRef<HTMLInputElement>(null);
  const age = Math.max(0, useNow() - sent.at);
  const resendInMs = resendAfterMs - age;
  useEffect(() => {
    field.current?.focus();
  }, [sent]);

  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    if (code === "") {
      onProblem(strings.login.codeEmpty);
      return;
    }

    void onEnter(sent.clientId, code).then(() => {
      field.current?.select();
    });
  };

  return (
    <form onSubmit={submit} noValidate>
      <p className="note" role="status">
        {age > sent.lifeMs ? strings.login.expired : strings.login.sentTo(sent.places)}
      </p>
      <label htmlFor="code">{strings.login.code}</label>
      <input
        id="code"
        ref={field}
        className="code"
        data-testid="login-code"
        value={code}
        onChange={(event) => {
          setCode(event.target.value.replaceAll(/\D/g, ""));
        }}
        inputMode="numeric"
        autoComplete="one-time-code"
        maxLength={8}
        aria-describedby="code-hint"
      />
      <p id="code-hint" className="hint">
        {strings.login.codeHint}
      </p>
      <button type="submit" className="primary wide" data-testid="login-submit" disabled={busy}>
        {busy ? strings.login.submitting : strings.login.submit}
      </button>
      {resendInMs > 0 ? (
        <p className="hint">{strings.login.resendIn(Math.ceil(resendInMs / 1000))}</p>
      ) : (
        <button type="button" className="wide" disabled={busy} onClick={() => void onResend(sent.clientId)}>
          {strings.login.resend}
        </button>
      )}
      <button type="button" className="quiet" onClick={onOther}>
        {strings.login.other}
      </button>
    </form>
  );
}
