import { isFresh } from "@/shared/portfolio/connection-state";
import { useConnection } from "@/shared/portfolio/use-connection";
import { strings } from "@/shared/strings";

export function ConnectionChip() {
  const { state, notice, pollEveryMs } = useConnection();
  return (
    <p className="chip" role="status" data-testid="connection-state" data-state={state} data-fresh={isFresh(state)}>
      <span className="dot" aria-hidden="true" />
      {notice ?? (state === "polling" ? strings.connection.polling(Math.round(pollEveryMs / 1000)) : strings.connection[state])}
    </p>
  );
}
