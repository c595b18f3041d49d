/** What a person is told of the connection. Only `live` and `polling` mean that the numbers are of now. */
export type ConnectionState = "connecting" | "live" | "reconnecting" | "stale" | "offline" | "polling";

export interface LinkFacts {
  /** `none`: nobody has one here, and polling is how it is meant. */
  readonly hub: "none" | "down" | "starting" | "open";
  /** Whether a message has ever come over the hub or by polling. */
  readonly everHeard: boolean;
  /** How the last poll ended; null when none was made since the hub went down. */
  readonly lastPoll: "ok" | "failed" | null;
  /** Time since the last message, in ms; null when none came yet. */
  readonly silentMs: number | null;
}

export const staleAfterMs = 10_000;

/** Maps what is known of the transports to the one word that is shown. Age wins over every transport's good opinion of itself. */
export function connectionState({ hub, everHeard, lastPoll, silentMs }: LinkFacts): ConnectionState {
  const fresh = silentMs !== null && silentMs <= staleAfterMs;
  if (hub === "open") {
    return !everHeard ? "connecting" : fresh ? "live" : "stale";
  }

  if (lastPoll === "failed") {
    return "offline";
  }

  if (lastPoll === "ok") {
    return fresh ? "polling" : "stale";
  }

  return everHeard ? "reconnecting" : "connecting";
}

export const isFresh = (state: ConnectionState): boolean => state === "live" || state === "polling";
