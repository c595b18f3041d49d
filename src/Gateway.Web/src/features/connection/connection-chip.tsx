import { isFresh } from "@/shared/portfolio/connection-state";
import { useConnection } from "@/shared/portfolio/use-connection";
import { strings } from "@/shared/strings";

export function ConnectionChip() {
  const { state, notice, pollEveryMs, onlyPolling } = useConnection();
  const { asking, polling } = strings.connection;
  return (
    <p className="chip" role="status" data-testid="connection-state" data-state={state} data-only-polling={onlyPolling} data-fresh={isFresh(state)}>
      <span className="dot" aria-hidden="true" />
      {notice ?? (state === "polling" ? (onlyPolling ? asking : polling)(Math.round(pollEveryMs / 1000)) : strings.connection[state])}
    </p>
  );
}
