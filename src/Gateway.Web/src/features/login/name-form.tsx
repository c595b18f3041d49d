import { useState, type SyntheticEvent } from "react";
import { strings } from "@/shared/strings";

interface Props {
  readonly busy: boolean;
  readonly onSend: (name: string) => Promise<void>;
  readonly onApp: (name: string) => void;
  readonly onProblem: (problem: string) => void;
}

/** Who wants in, and by which way. */
export function NameForm({ busy, onSend, onApp, onProblem }: Props) {
  const [name, setName] = useState("");
  const go = (way: (name: string) => unknown): void => {
    if (name === "") {
      onProblem(strings.login.clientIdEmpty);
    } else {
      way(name);
    }
  };

  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    go(onSend);
  };

  return (
    <form onSubmit={submit} noValidate>
      <label htmlFor="client-id">{strings.login.clientId}</label>
      <input
        id="client-id"
        data-testid="login-client-id"
        value={name}
        onChange={(event) => {
          setName(event.target.value.toUpperCase().replaceAll(/[^A-Z0-9]/g, ""));
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
      <button
        type="button"
        className="wide"
        data-testid="login-app"
        disabled={busy}
        onClick={() => {
          go(onApp);
        }}
      >
        {strings.login.useApp}
      </button>
    </form>
  );
}
