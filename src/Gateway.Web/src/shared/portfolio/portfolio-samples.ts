import type { Order } from "@/shared/api/schemas";
import { positionKey, type Position } from "@/shared/portfolio/portfolio";

/** Positions and orders for tests, with everything that a test does not speak of filled in. */

export function aPosition(tradingsymbol: string, quantity: number, more: Partial<Position> = {}): Position {
  const position = {
    tradingsymbol,
    exchange: "NFO",
    product: "NRML",
    quantity,
    closable_quantity: Math.abs(quantity),
    pending_exit_quantity: 0,
    blocking_order_ids: [],
    lot_size: 1,
    held_back_quantity: 0,
    banned: false,
    priceReceivedAt: 0,
    ...more,
  };
  return { key: positionKey(position), ...position };
}

export function anOrder(order_id: string, status: string, more: Partial<Order> = {}): Order {
  return {
    order_id,
    status,
    exchange: "NFO",
    tradingsymbol: "A",
    transaction_type: "SELL",
    product: "NRML",
    quantity: 65,
    filled_quantity: 0,
    pending_quantity: 65,
    cancelled_quantity: 0,
    trades: [],
    trades_count: 0,
    ...more,
  };
}
