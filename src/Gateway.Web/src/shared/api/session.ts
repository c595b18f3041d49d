import type { TokenGranted } from "@/shared/api/schemas";
import { createStore } from "@/shared/store";
import { strings } from "@/shared/strings";

/** The login. Its token lives in this variable only, never in storage; after a reload a cookie that no script can read gives another one. */
export interface Session {
  readonly token: string;
  /** Who is logged in: `trader`, or one of the broker's people in a role of docs/roles.md. */
  readonly role: string;
  readonly person: string;
  /** The trader's own; of the broker's people the one of the client who called, or null. */
  readonly account: OpenAccount | null;
  /** How long from now until it is renewed, in ms: two thirds of its life. */
  readonly renewAfterMs: number;
}

export interface OpenAccount {
  readonly id: string;
  /** The client's. */
  readonly name: string;
  /** Where the client's instruction is recorded, for whoever acts for him; null: he is here himself. */
  readonly evidence: string | null;
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
  const former = sessionStore.get().session;
  const person = granted.name ?? "";
  const own = granted.client_id;
  sessionStore.set({
    session: {
      token: granted.access_token,
      role: granted.role,
      person,
      account: own ? { id: own, name: person, evidence: null } : former?.role === granted.role && former.person === person ? former.account : null,
      renewAfterMs: Math.max(1000, Math.floor((granted.expires_in_seconds * 2000) / 3)),
    },
    reason: null,
    resumable: true,
  });
}

/** Another account, or none, for one of the broker's people. */
export function openAccount(account: OpenAccount | null): void {
  sessionStore.update((state) => (state.session === null ? state : { ...state, session: { ...state.session, account } }));
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
