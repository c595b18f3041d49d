import { call } from "@/shared/api/http";
import {
  cancelSchema,
  exitSchema,
  ordersSchema,
  otpSchema,
  positionsSchema,
  previewSchema,
  statusSchema,
  tokenSchema,
  type ExitAccepted,
  type ExitPreview,
  type Order,
  type OtpSent,
  type PositionMessage,
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

export const requestCode = (clientId: string): Promise<OtpSent> =>
  call(otpSchema, { method: "POST", url: "/session/otp", body: { client_id: clientId } });

export const exchangeCode = (clientId: string, code: string): Promise<TokenGranted> =>
  call(tokenSchema, { method: "POST", url: "/session/token", body: { client_id: clientId, code } });

export const renewSession = (): Promise<TokenGranted> => call(tokenSchema, { method: "POST", url: "/session/renew" });

/** Another token by the cookie; refused where there is none. */
export const resumeSession = (): Promise<TokenGranted> => call(tokenSchema, { method: "POST", url: "/session/resume", timeoutMs: 4000 });

export const logOut = (): Promise<unknown> => call(z.unknown(), { method: "POST", url: "/session/logout", timeoutMs: 3000 });

export const fetchStatus = (): Promise<SystemStatus> => call(statusSchema, { method: "GET", url: "/status", timeoutMs: 4000 });

export const fetchPositions = async (): Promise<PositionMessage[]> =>
  (await call(positionsSchema, { method: "GET", url: "/portfolio/positions", timeoutMs: 4000 })).net;

export const fetchOrders = (): Promise<Order[]> => call(ordersSchema, { method: "GET", url: "/orders", timeoutMs: 4000 });

/** @param confirm The warning that the person has read, by name. */
export const cancelOrder = (orderId: string, confirm?: string): Promise<{ order_id: string }> =>
  call(cancelSchema, {
    method: "DELETE",
    url: `/orders/regular/${encodeURIComponent(orderId)}${confirm === undefined ? "" : `?confirm=${encodeURIComponent(confirm)}`}`,
  });

export const previewExit = (request: ExitRequest, signal: AbortSignal): Promise<ExitPreview> =>
  call(previewSchema, { method: "POST", url: "/exits/preview", body: request, signal });

export const placeExit = (request: ExitRequest, idempotencyKey: string): Promise<ExitAccepted> =>
  call(exitSchema, { method: "POST", url: "/exits", body: request, headers: { "Idempotency-Key": idempotencyKey }, timeoutMs: 6000 });
