import type { useAttempt } from "./use-attempt";
import { WaitingNote } from "./waiting-note";
import { Problem } from "@/shared/ui/problem";

interface Props {
  /** Why the person is at the door again; null: he is new, or has something else to read. */
  readonly reason: string | null;
  readonly attempt: ReturnType<typeof useAttempt>;
}

/** What there is to say over a login's form: why one is here, what went wrong, how long to wait. */
export function AttemptNotes({ reason, attempt: { busy, trouble, waiting, say } }: Props) {
  return (
    <>
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
    </>
  );
}
