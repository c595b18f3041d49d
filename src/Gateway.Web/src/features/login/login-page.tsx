import { useState } from "react";
import { AttemptNotes } from "./attempt-notes";
import { CodesForm, type CodeSent } from "./codes-form";
import { NameForm } from "./name-form";
import { useAttempt } from "./use-attempt";
import { ApiError } from "@/shared/api/http";
import { exchangeCodes, requestCode, type LoginCodes } from "@/shared/api/requests";
import { loginRefusalSchema } from "@/shared/api/schemas";
import { beginSession } from "@/shared/api/session";
import { strings } from "@/shared/strings";

interface Entry {
  /** A client id or a PAN. */
  readonly name: string;
  readonly ask: "code" | "totp" | "both";
  readonly sent: CodeSent | null;
}

export function LoginPage({ reason }: { readonly reason: string | null }) {
  const [entry, setEntry] = useState<Entry | null>(null);
  const attempt = useAttempt();
  return (
    <section className="card login" aria-labelledby="login-title">
      <h1 id="login-title">{strings.login.title}</h1>
      <p className="lead">{strings.login.lead}</p>
      <AttemptNotes reason={entry === null ? reason : null} attempt={attempt} />
      <fieldset className="plain" disabled={attempt.waiting !== null}>
        <EntryForm entry={entry} attempt={attempt} onEntry={setEntry} />
      </fieldset>
      <p className="small">{strings.login.promise}</p>
    </section>
  );
}

interface EntryFormProps {
  readonly entry: Entry | null;
  readonly attempt: ReturnType<typeof useAttempt>;
  readonly onEntry: (entry: Entry | null) => void;
}

function EntryForm({ entry, attempt: { busy, run, say }, onEntry }: EntryFormProps) {
  const sendCode = async (name: string, ask: "code" | "both"): Promise<void> => {
    const answer = await requestCode(name);
    onEntry({ name, ask, sent: { places: answer.sent_to, atMs: performance.now(), lifeMs: answer.expires_in_seconds * 1000 } });
  };

  const enter = async ({ name, sent }: Entry, codes: LoginCodes): Promise<void> => {
    try {
      beginSession(await exchangeCodes(name, codes));
    } catch (error) {
      const wanted = error instanceof ApiError ? loginRefusalSchema.safeParse(error.data).data?.wanted : undefined;
      if (wanted === undefined) {
        throw error;
      }

      onEntry({ name, ask: "both", sent });
      if (wanted === "code" && sent === null) {
        await sendCode(name, "both");
      }
    }
  };

  const go = (to: Entry | null): void => {
    say(null);
    onEntry(to);
  };

  return entry === null ? (
    <NameForm busy={busy} onSend={(name) => run(() => sendCode(name, "code"))} onApp={(name) => { go({ name, ask: "totp", sent: null }); }} onProblem={say} />
  ) : (
    <CodesForm
      {...entry}
      busy={busy}
      onEnter={(codes) => run(() => enter(entry, codes))}
      onSend={() => run(() => sendCode(entry.name, entry.ask === "both" ? "both" : "code"))}
      onApp={() => { go({ ...entry, ask: "totp" }); }}
      onOther={() => { go(null); }}
      onProblem={say}
    />
  );
}
