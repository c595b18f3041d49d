import type { TokenGranted } from "@/shared/api/schemas";
import { createStore } from "@/shared/store";

/** The login. It lives in this variable only: not in storage, not in a cookie; a reload ends it. */
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
}

export const sessionStore = createStore<SessionState>({ session: null, reason: null });

export function beginSession(granted: TokenGranted): void {
  sessionStore.set({
    session: {
      token: granted.access_token,
      clientId: granted.client_id,
      name: granted.name ?? "",
      renewAfterMs: Math.max(1000, Math.floor((granted.expires_in_seconds * 2000) / 3)),
    },
    reason: null,
  });
}

export function endSession(reason: string): void {
  if (sessionStore.get().session !== null) {
    sessionStore.set({ session: null, reason });
  }
}
