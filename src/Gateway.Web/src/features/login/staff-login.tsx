import { useState, type SyntheticEvent } from "react";
import { Link } from "react-router";
import { useAttempt } from "./use-attempt";
import { WaitingNote } from "./waiting-note";
import { ApiError } from "@/shared/api/http";
import { loginRefusalSchema } from "@/shared/api/schemas";
import { beginSession } from "@/shared/api/session";
import { logInStaff } from "@/shared/api/staff-requests";
import { useStaffTexts } from "@/shared/strings-staff";
import { CodeField } from "@/shared/ui/code-field";
import { Problem, troubleOf } from "@/shared/ui/problem";

/** How the broker's own people log in: a name, a password, and the app's code of who has one. */
export function StaffLogin({ reason }: { readonly reason: string | null }) {
  const text = useStaffTexts();
  const { busy, trouble, waiting, run, say } = useAttempt(troubleOf);
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [code, setCode] = useState<string | null>(null);

  const enter = async (): Promise<void> => {
    try {
      beginSession(await logInStaff({ name: name.trim(), password, ...(code === null ? {} : { code }) }));
    } catch (error) {
      const wanted = error instanceof ApiError ? loginRefusalSchema.safeParse(error.data).data?.wanted : undefined;
      if (wanted !== "totp" || code !== null) {
        throw error;
      }

      setCode("");
    }
  };

  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    if (name.trim() === "" || password === "") {
      say(text.empty);
    } else if (code === "") {
      say(text.codeEmpty);
    } else {
      void run(enter);
    }
  };

  return (
    <section className="card login" aria-labelledby="staff-login-title">
      <h1 id="staff-login-title">{text.title}</h1>
      <p className="lead">{text.lead}</p>
      {reason !== null && trouble === null ? (
        <p className="note" role="status" data-testid="login-reason">
          {reason}
        </p>
      ) : null}
      <Problem trouble={trouble} />
      {waiting === null ? null : (
        <WaitingNote
          waiting={waiting}
          busy={busy}
          onStop={() => {
            say(null);
          }}
        />
      )}
      <fieldset className="plain" disabled={waiting !== null}>
        <form onSubmit={submit} noValidate>
          <label htmlFor="staff-name">{text.name}</label>
          <input id="staff-name" data-testid="staff-name" value={name} onChange={(event) => { setName(event.target.value); }} maxLength={64} autoComplete="username" autoCapitalize="none" spellCheck={false} autoFocus />
          <label htmlFor="staff-password">{text.password}</label>
          <input id="staff-password" data-testid="staff-password" type="password" value={password} onChange={(event) => { setPassword(event.target.value); }} autoComplete="current-password" />
          {code === null ? null : <CodeField id="staff-code" label={text.code} hint={text.codeHint} value={code} onChange={setCode} />}
          <button type="submit" className="primary wide" data-testid="staff-submit" disabled={busy}>
            {busy ? text.loggingIn : text.logIn}
          </button>
          <Link to="/">{text.traders}</Link>
        </form>
      </fieldset>
    </section>
  );
}
