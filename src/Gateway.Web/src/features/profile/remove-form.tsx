import { useState, type SyntheticEvent } from "react";
import { strings } from "@/shared/strings";
import { CodeField } from "@/shared/ui/code-field";

interface Props {
  readonly busy: boolean;
  readonly onRemove: (code: string) => Promise<void>;
  readonly onProblem: (problem: string) => void;
}

/** Whoever finds an open page has no code of the app, and cannot take it away. */
export function RemoveForm({ busy, onRemove, onProblem }: Props) {
  const text = strings.authenticator;
  const [code, setCode] = useState("");
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    if (code === "") {
      onProblem(strings.login.totpEmpty);
    } else {
      void onRemove(code);
    }
  };

  return (
    <form className="stack" onSubmit={submit} noValidate>
      <p className="small">{text.change}</p>
      <CodeField id="authenticator-code" label={text.removeCode} hint={strings.login.totpHint} value={code} onChange={setCode} />
      <button type="submit" disabled={busy} data-testid="authenticator-remove">
        {text.remove}
      </button>
    </form>
  );
}
