import { useState, type SyntheticEvent } from "react";
import { Link } from "react-router";
import { AttemptNotes } from "./attempt-notes";
import { useAttempt } from "./use-attempt";
import { ApiError } from "@/shared/api/http";
import { loginRefusalSchema } from "@/shared/api/schemas";
import { beginSession } from "@/shared/api/session";
import { logInStaff } from "@/shared/api/staff-requests";
import { useStaffTexts } from "@/shared/strings-staff";
import { CodeField } from "@/shared/ui/code-field";
import { troubleOf } from "@/shared/ui/problem";
import { TextField } from "@/shared/ui/text-field";

/** How the broker's own people log in: a name, a password, and the app's code of who has one. */
export function StaffLogin({ reason }: { readonly reason: string | null }) {
  const text = useStaffTexts();
  const attempt = useAttempt(troubleOf);
  const { busy, waiting, run, say } = attempt;
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
      <AttemptNotes reason={reason} attempt={attempt} />
      <fieldset className="plain" disabled={waiting !== null}>
        <form onSubmit={submit} noValidate>
          <TextField id="staff-name" label={text.name} value={name} onChange={setName} maxLength={64} autoComplete="username" autoCapitalize="none" autoFocus />
          <TextField id="staff-password" label={text.password} type="password" value={password} onChange={setPassword} autoComplete="current-password" />
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
