import { exitSchema, exitsSchema, manyPreviewSchema, previewSchema, type Exit, type ExitPreview, type ManyPreview, type PositionName } from "@/shared/api/exit-schemas";
import { call } from "@/shared/api/http";
import {
  executionsSchema,
  orderNamedSchema,
  ordersSchema,
  otpSchema,
  positionsSchema,
  profileSchema,
  statusSchema,
  tokenSchema,
  type Execution,
  type Order,
  type OtpSent,
  type PositionMessage,
  type Profile,
  type SystemStatus,
  type TokenGranted,
} from "@/shared/api/schemas";
import * as z from "zod/mini";

/** What is asked of an exit. The server works out side, prices and slices. */
export interface ExitRequest {
  readonly exchange: string;
  readonly tradingsymbol: string;
  readonly product: string;
  readonly mode: "full" | "quantity" | "percent";
  readonly quantity?: number;
  readonly percent?: number;
  /** Warnings that the person has read. */
  readonly confirm?: readonly string[];
  /** Orders that hold the position are cancelled first, and the exit waits for that. */
  readonly cancel_blocking?: boolean;
}

/** Positions by what they have in common; every field given must match. */
export interface ExitGroup {
  readonly underlying?: string;
  readonly expiry?: string;
  readonly segment?: string;
  readonly product?: string;
  readonly side?: "long" | "short";
}

/** What is asked of an exit of several positions: chosen ones, a group, or all. The server puts them in order. */
export interface ManyExitRequest {
  readonly mode: "full";
  readonly positions?: readonly PositionName[];
  readonly group?: ExitGroup;
  readonly all?: true;
  readonly confirm?: readonly string[];
  readonly cancel_blocking?: boolean;
}

export const requestCode = (clientId: string): Promise<OtpSent> =>
  call(otpSchema, { method: "POST", url: "/session/otp", body: { client_id: clientId } });

/** What somebody shows to be let in: the code that was sent, the one of his authenticator app, or both where he has asked for that. */
export interface LoginCodes {
  readonly code?: string;
  readonly totp?: string;
}

export const exchangeCodes = (clientId: string, codes: LoginCodes): Promise<TokenGranted> =>
  call(tokenSchema, { method: "POST", url: "/session/token", body: { client_id: clientId, ...codes } });

export const renewSession = (): Promise<TokenGranted> => call(tokenSchema, { method: "POST", url: "/session/renew" });

/** Another token by the cookie; refused where there is none. */
export const resumeSession = (): Promise<TokenGranted> => call(tokenSchema, { method: "POST", url: "/session/resume", timeoutMs: 4000 });

export const logOut = (): Promise<unknown> => call(z.unknown(), { method: "POST", url: "/session/logout", timeoutMs: 3000 });

export const fetchStatus = (): Promise<SystemStatus> => call(statusSchema, { method: "GET", url: "/status", timeoutMs: 4000 });

export const fetchPositions = async (): Promise<PositionMessage[]> =>
  (await call(positionsSchema, { method: "GET", url: "/portfolio/positions", timeoutMs: 4000 })).net;

export const fetchOrders = (): Promise<Order[]> => call(ordersSchema, { method: "GET", url: "/orders", timeoutMs: 4000 });

/** The steps of one order, oldest first. */
export const fetchOrderHistory = (orderId: string): Promise<Order[]> => call(ordersSchema, { method: "GET", url: `/orders/${encodeURIComponent(orderId)}` });

/** Every execution of one order; there may be a hundred thousand. */
export const fetchOrderTrades = (orderId: string): Promise<Execution[]> =>
  call(executionsSchema, { method: "GET", url: `/orders/${encodeURIComponent(orderId)}/trades`, timeoutMs: 20_000 });

export const fetchProfile = (): Promise<Profile> => call(profileSchema, { method: "GET", url: "/user/profile" });

/** @param confirm The warning that the person has read, by name. */
export const cancelOrder = (orderId: string, confirm?: string): Promise<{ order_id: string }> =>
  call(orderNamedSchema, {
    method: "DELETE",
    url: `/orders/regular/${encodeURIComponent(orderId)}${confirm === undefined ? "" : `?confirm=${encodeURIComponent(confirm)}`}`,
  });

/** A limit order's new price, in rupees; all else of it stays. */
export const changePrice = (orderId: string, price: number | string): Promise<{ order_id: string }> =>
  call(orderNamedSchema, { method: "PUT", url: `/orders/regular/${encodeURIComponent(orderId)}`, body: { price } });

export const previewExit = (request: ExitRequest, signal: AbortSignal): Promise<ExitPreview> =>
  call(previewSchema, { method: "POST", url: "/exits/preview", body: request, signal });

export const previewMany = (request: ManyExitRequest, signal: AbortSignal): Promise<ManyPreview> =>
  call(manyPreviewSchema, { method: "POST", url: "/exits/preview", body: request, signal });

export const placeExit = (request: ExitRequest | ManyExitRequest, idempotencyKey: string): Promise<Exit> =>
  call(exitSchema, { method: "POST", url: "/exits", body: request, headers: { "Idempotency-Key": idempotencyKey }, timeoutMs: 6000 });

export const fetchExits = (): Promise<Exit[]> => call(exitsSchema, { method: "GET", url: "/exits", timeoutMs: 4000 });

/** Nothing more of it is released; with `cancelOrders` what works at the exchange is cancelled too. */
export const stopExit = (exitId: string, cancelOrders: boolean): Promise<Exit> =>
  call(exitSchema, { method: "POST", url: `/exits/${encodeURIComponent(exitId)}/stop`, body: { cancel_orders: cancelOrders } });

/** What covers the shorts no longer waits for them. */
export const releaseHedges = (exitId: string): Promise<Exit> =>
  call(exitSchema, { method: "POST", url: `/exits/${encodeURIComponent(exitId)}/release-hedges` });
