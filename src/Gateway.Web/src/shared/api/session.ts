import type { TokenGranted } from "@/shared/api/schemas";
import { createStore } from "@/shared/store";
import { strings } from "@/shared/strings";

/** The login. Its token lives in this variable only, never in storage; after a reload a cookie that no script can read gives another one. */
export interface Session {
  readonly token: string;
  readonly clientId: string;
  readonly name: string;
  /** How long from now until it is renewed, in ms: two thirds of its life. */
  readonly renewAfterMs: number;
}

export interface SessionState {
  readonly session: Session | null;
  /** Why the person is back at the login, in plain words. */
  readonly reason: string | null;
  /** Whether the cookie may still give another token: asked before the person is. */
  readonly resumable: boolean;
}

export const sessionStore = createStore<SessionState>({ session: null, reason: null, resumable: true });

export function beginSession(granted: TokenGranted): void {
  sessionStore.set({
    session: {
      token: granted.access_token,
      clientId: granted.client_id,
      name: granted.name ?? "",
      renewAfterMs: Math.max(1000, Math.floor((granted.expires_in_seconds * 2000) / 3)),
    },
    reason: null,
    resumable: true,
  });
}

/** What the server says, over the hub or in an answer, when the session was ended somewhere else before its time. */
const endedElsewhere = "This session was ended.";

/** Whether it is the session that is over, and not only a token of it. */
export const endsSession = (said: string): boolean => said.includes(endedElsewhere);

/** Why the person must log in again, from what the server said. */
export const reasonOf = (said: string): string => (endsSession(said) ? strings.errors.sessionEnded : strings.errors.sessionOver);

export function endSession(reason: string): void {
  if (sessionStore.get().session !== null) {
    sessionStore.set({ session: null, reason, resumable: true });
  }
}

/** The person has left, or the cookie gave nothing: the login is shown. */
export function needLogin(reason: string | null = sessionStore.get().reason): void {
  sessionStore.set({ session: null, reason, resumable: false });
}
