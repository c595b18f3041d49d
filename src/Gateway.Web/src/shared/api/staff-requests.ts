import { call } from "@/shared/api/http";
import { profileSchema, tokenSchema, type Profile, type TokenGranted } from "@/shared/api/schemas";

export interface StaffCredentials {
  readonly name: string;
  readonly password: string;
  /** Of the authenticator app, where one is enrolled. */
  readonly code?: string;
}

export const logInStaff = (credentials: StaffCredentials): Promise<TokenGranted> => call(tokenSchema, { method: "POST", url: "/session/staff", body: credentials });

/** Who the client is, for one of the broker's people, before his account is opened. */
export const findClient = (clientId: string): Promise<Profile> => call(profileSchema, { method: "GET", url: "/user/profile", headers: { "X-Act-For": clientId } });
