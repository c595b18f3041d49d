import { useState, type SyntheticEvent } from "react";
import { toClientName } from "@/shared/client-name";
import { strings } from "@/shared/strings";
import { TextField } from "@/shared/ui/text-field";

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
      <TextField
        id="login-client-id"
        label={strings.login.clientId}
        hint={strings.login.clientIdHint}
        value={name}
        onChange={(typed) => {
          setName(toClientName(typed));
        }}
        maxLength={10}
        autoComplete="username"
        autoCapitalize="characters"
        autoFocus
      />
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
