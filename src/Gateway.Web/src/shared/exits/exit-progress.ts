import type { Exit, ExitLine, PositionName } from "@/shared/api/exit-schemas";
import type { Order } from "@/shared/api/schemas";
import { isDone, isUnknown } from "@/shared/order-groups";

/** How one position of an exit stands, worst news first where several hold. */
export type LineState = "unknown" | "cancelling" | "working" | "waiting" | "queued" | "done" | "failed";

export function lineState(line: ExitLine, orders: readonly Order[]): LineState {
  if (orders.some(isUnknown)) {
    return "unknown";
  }

  if (line.filled >= line.quantity) {
    return "done";
  }

  if (line.waits_for.length > 0) {
    return "cancelling";
  }

  if (line.working > 0) {
    return "working";
  }

  return line.held === 0 ? "failed" : line.is_hedge ? "waiting" : "queued";
}

/** The orders of one position of an exit: as the portfolio has them, which is fresher, else as they came with the exit. */
export function ordersOfLine(exit: Exit, line: ExitLine, live: ReadonlyMap<string, Order>): Order[] {
  const ids = new Set(exit.orders.map((order) => order.order_id));
  const since = [...live.values()].filter((order) => order.plan_id === exit.exit_id && !ids.has(order.order_id));
  return [...exit.orders, ...since].map((order) => live.get(order.order_id) ?? order).filter((order) => isOf(order, line.position));
}

/** What an order of the line ended with that is no trade: the exchange's own words for it. */
export const reasonsOf = (orders: readonly Order[]): string[] => [
  ...new Set(
    orders
      .filter((order) => isDone(order) && order.status !== "COMPLETE")
      .map((order) => order.status_message ?? "")
      .filter((message) => message !== ""),
  ),
];

export interface Summary {
  readonly lines: number;
  readonly done: number;
  readonly working: number;
  readonly waiting: number;
  readonly unknown: number;
  /** Nothing works for them any more, and they are not out; those that were refused at the start included. */
  readonly failed: number;
}

export function summarise(exit: Exit, live: ReadonlyMap<string, Order>): Summary {
  const states = exit.lines.map((line) => lineState(line, ordersOfLine(exit, line, live)));
  const count = (...wanted: LineState[]): number => states.filter((state) => wanted.includes(state)).length;
  return {
    lines: states.length + exit.refused.length,
    done: count("done"),
    working: count("working"),
    waiting: count("waiting", "queued", "cancelling"),
    unknown: count("unknown"),
    failed: count("failed") + exit.refused.length,
  };
}

export const isOf = (one: PositionName, other: PositionName): boolean =>
  one.exchange === other.exchange && one.tradingsymbol === other.tradingsymbol && one.product === other.product;
