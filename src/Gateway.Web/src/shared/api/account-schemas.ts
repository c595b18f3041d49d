import * as z from "zod/mini";
import { text } from "@/shared/api/schemas";

/** A device or an app that is logged in. */
const loginSchema = z.object({
  session_id: z.string(),
  device: z.string(),
  address: z.string(),
  since: z.string(),
  last_seen: z.string(),
  current: z.boolean(),
});
export type Login = z.infer<typeof loginSchema>;
export const loginsSchema = z.array(loginSchema);

export const endedSchema = z.object({ ended: z.int() });

export const authenticatorSchema = z.object({ enrolled: z.boolean(), second_factor: z.boolean(), since: text });
export type Authenticator = z.infer<typeof authenticatorSchema>;

/** The secret, which the server shows this once. */
export const authenticatorBegunSchema = z.object({
  secret: z.string().check(z.regex(/^[A-Z2-7]+$/)),
  uri: z.string().check(z.regex(/^otpauth:\/\//)),
  qr_svg: z.string().check(z.regex(/^<svg/)),
});
export type AuthenticatorBegun = z.infer<typeof authenticatorBegunSchema>;
