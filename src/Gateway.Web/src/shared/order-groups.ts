import type { Order } from "@/shared/api/schemas";

const doneWords: ReadonlySet<string> = new Set(["COMPLETE", "CANCELLED", "REJECTED", "LAPSED", "EXPIRED"]);

export const isDone = (order: Order): boolean => doneWords.has(order.status.toUpperCase());

export const isUnknown = (order: Order): boolean => order.status.toUpperCase() === "UNKNOWN";

export const isOpen = (order: Order): boolean => !isDone(order) && !isUnknown(order);

/** Newest first; the server's times compare as texts. */
export const newestFirst = (a: Order, b: Order): number =>
  (b.order_timestamp ?? "").localeCompare(a.order_timestamp ?? "") || b.order_id.localeCompare(a.order_id, "en", { numeric: true });
