import type { Order } from "@/shared/api/schemas";
import { isDone, isUnknown } from "@/shared/order-groups";

/** Something that happened to an order, as a person would be told of it. Its words are made when it is read, in the language of then. */
export interface OrderFact {
  readonly kind: "filled" | "partFilled" | "rejected" | "cancelled" | "unknown" | "resolved";
  /** The order as it was then. */
  readonly order: Order;
  /** Units that traded with this fact. */
  readonly units: number;
}

/** What happened between two pictures of the orders. */
export function factsBetween(before: ReadonlyMap<string, Order>, now: ReadonlyMap<string, Order>): OrderFact[] {
  return [...now.values()].flatMap((order) => {
    const former = before.get(order.order_id);
    return former === order ? [] : factsOf(former, order);
  });
}

function factsOf(former: Order | undefined, order: Order): OrderFact[] {
  const facts: OrderFact[] = [];
  const units = order.filled_quantity - (former?.filled_quantity ?? 0);
  if (former !== undefined && isUnknown(former) && !isUnknown(order)) {
    facts.push({ kind: "resolved", order, units: 0 });
  }

  if (units > 0) {
    facts.push({ kind: order.status === "COMPLETE" ? "filled" : "partFilled", order, units });
  }

  if (order.status === former?.status) {
    return facts;
  }

  if (isUnknown(order)) {
    facts.push({ kind: "unknown", order, units: 0 });
  } else if (isDone(order) && order.status !== "COMPLETE") {
    facts.push({ kind: order.status === "REJECTED" ? "rejected" : "cancelled", order, units: 0 });
  }

  return facts;
}
