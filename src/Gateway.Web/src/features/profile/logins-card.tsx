import { useState } from "react";
import { endLogins, fetchLogins } from "@/shared/api/account-requests";
import type { Login } from "@/shared/api/account-schemas";
import { ApiError } from "@/shared/api/http";
import { formatMinute } from "@/shared/format";
import { strings } from "@/shared/strings";
import { Problem, troubleOf, type Trouble } from "@/shared/ui/problem";
import { useAnswer } from "./use-answer";

/** Every device and app that is logged in as this person, and the end of those that should not be. */
export function LoginsCard({ lead = strings.logins.lead }: { readonly lead?: string }) {
  const text = strings.logins;
  const { answer, trouble, reload } = useAnswer(fetchLogins);
  const [busy, setBusy] = useState(false);
  const [ended, setEnded] = useState<number | null>(null);
  const [refused, setRefused] = useState<Trouble | null>(null);

  const end = async (which: Parameters<typeof endLogins>[0]): Promise<void> => {
    setBusy(true);
    setEnded(null);
    setRefused(null);
    try {
      setEnded((await endLogins(which)).ended);
    } catch (error) {
      setRefused(error instanceof ApiError && error.status === 404 ? strings.logins.gone : troubleOf(error));
    } finally {
      setBusy(false);
      reload();
    }
  };

  return (
    <section className="card profile-card" aria-labelledby="logins-title">
      <h2 id="logins-title">{text.title}</h2>
      <p className="small">{lead}</p>
      <Problem trouble={refused ?? trouble} />
      <p role="status">{ended === null ? null : text.ended(ended)}</p>
      {answer === null ? (
        trouble === null ? (
          <p className="hint" role="status">
            {text.loading}
          </p>
        ) : null
      ) : (
        <ul className="logins" data-testid="logins">
          {answer.map((login) => (
            <LoginRow key={login.session_id} login={login} busy={busy} onEnd={() => void end({ session_id: login.session_id })} />
          ))}
        </ul>
      )}
      {answer?.some(({ current }) => !current) ? (
        <button type="button" disabled={busy} data-testid="logins-end-others" onClick={() => void end({ others: true })}>
          {text.endOthers}
        </button>
      ) : null}
    </section>
  );
}

function LoginRow({ login, busy, onEnd }: { readonly login: Login; readonly busy: boolean; readonly onEnd: () => void }) {
  const text = strings.logins;
  const since = formatMinute(login.since);
  return (
    <li data-testid="login-row" data-current={login.current}>
      <div>
        <strong lang="en">{login.device}</strong> {login.current ? <span className="badge">{text.current}</span> : null}
        <p className="small">{text.facts(login.address, since, formatMinute(login.last_seen))}</p>
      </div>
      {login.current ? null : (
        <button type="button" disabled={busy} aria-label={text.endLabel(login.device, since)} onClick={onEnd}>
          {text.end}
        </button>
      )}
    </li>
  );
}
