import {
  authenticatorBegunSchema,
  authenticatorSchema,
  endedSchema,
  loginsSchema,
  type Authenticator,
  type AuthenticatorBegun,
  type Login,
} from "@/shared/api/account-schemas";
import { call } from "@/shared/api/http";

export const fetchLogins = (): Promise<Login[]> => call(loginsSchema, { method: "GET", url: "/session/list" });

/** @param which One login by its id, or all but this one. */
export const endLogins = (which: { readonly session_id: string } | { readonly others: true }): Promise<{ ended: number }> =>
  call(endedSchema, { method: "POST", url: "/session/revoke", body: which });

export const fetchAuthenticator = (): Promise<Authenticator> => call(authenticatorSchema, { method: "GET", url: "/user/totp" });

export const beginAuthenticator = (): Promise<AuthenticatorBegun> => call(authenticatorBegunSchema, { method: "POST", url: "/user/totp" });

export const confirmAuthenticator = (totp: string, secondFactor: boolean): Promise<Authenticator> =>
  call(authenticatorSchema, { method: "POST", url: "/user/totp/confirm", body: { totp, second_factor: secondFactor } });

export const removeAuthenticator = (totp: string): Promise<Authenticator> =>
  call(authenticatorSchema, { method: "POST", url: "/user/totp/remove", body: { totp } });
