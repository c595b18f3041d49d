import { useNow } from "@/shared/now";
import { connectionState, type ConnectionState } from "@/shared/portfolio/connection-state";
import { linkStore, portfolioStore } from "@/shared/portfolio/portfolio-store";
import { useStore } from "@/shared/store";

export interface Connection {
  readonly state: ConnectionState;
  /** Age of the whole picture in ms; null before the first message. */
  readonly ageMs: number | null;
  readonly notice: string | null;
  readonly pollEveryMs: number;
  /** Polling is all that there is here, and no sign of trouble. */
  readonly onlyPolling: boolean;
}

export function useConnection(): Connection {
  const now = useNow();
  const link = useStore(linkStore);
  const { heardAt } = useStore(portfolioStore);
  const ageMs = heardAt === null ? null : Math.max(0, now - heardAt);
  return {
    state: connectionState({ hub: link.hub, lastPoll: link.lastPoll, everHeard: heardAt !== null, silentMs: ageMs }),
    ageMs,
    notice: link.notice,
    pollEveryMs: link.pollEveryMs,
    onlyPolling: link.hub === "none",
  };
}
