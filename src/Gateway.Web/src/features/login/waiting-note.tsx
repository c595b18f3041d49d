import type { Waiting } from "./use-attempt";
import { loginRefusalSchema } from "@/shared/api/schemas";
import { formatQuantity } from "@/shared/format";
import { useNow } from "@/shared/now";
import { strings } from "@/shared/strings";

interface Props {
  readonly waiting: Waiting;
  readonly busy: boolean;
  readonly onStop: () => void;
}

/** The door is full. A screen reader hears who is before one, and not each second of the wait. */
export function WaitingNote({ waiting, busy, onStop }: Props) {
  const now = useNow();
  const seconds = Math.max(1, Math.ceil((waiting.untilMs - now) / 1000));
  const ahead = loginRefusalSchema.safeParse(waiting.error.data).data?.ahead;
  return (
    <div className="note stack" data-testid="login-waiting">
      <p role="status">
        {ahead !== undefined ? (
          strings.login.queue(formatQuantity(ahead))
        ) : (
          <>
            {strings.login.wait} <span lang={waiting.error.isServers ? "en" : undefined}>{waiting.error.message}</span>
          </>
        )}
      </p>
      <p>{busy ? strings.login.tryingAgain : strings.login.again(seconds)}</p>
      <button type="button" disabled={busy} onClick={onStop} data-testid="login-stop-waiting">
        {strings.login.stopWaiting}
      </button>
    </div>
  );
}
