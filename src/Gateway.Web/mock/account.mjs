// One invented account for looking at the page before the server exists. Prices walk, exits fill after a moment.
const position = (tradingsymbol, exchange, product, quantity, average, last, lot, freeze) => ({
  tradingsymbol, exchange, product, quantity, instrument_token: tradingsymbol.length, overnight_quantity: quantity, multiplier: 1,
  average_price: average, close_price: average, last_price: last, lot_size: lot, tick_size: 0.05, freeze_quantity: freeze,
  pending_exit_quantity: 0, blocking_order_ids: [], source: "exchange", confidence: "confirmed", priceAt: Date.now(),
});

export function makeAccount() {
  const positions = [
    position("NIFTY30DEC25500CE", "NFO", "NRML", -1300, 505.2, 541.35, 65, 1800),
    position("NIFTY30DEC25900CE", "NFO", "NRML", 1300, 377.15, 398.6, 65, 1800),
    position("NIFTY30DEC25100PE", "NFO", "NRML", -5850, 552.1, 549.05, 65, 1800),
    position("BANKNIFTY30DECFUT", "NFO", "NRML", 120, 55085.2, 54712.4, 30, 600),
    position("RELIANCE", "NSE", "CNC", 150, 1442.1, 1491.3, 1, 0),
    position("SBIN", "NSE", "MIS", -400, 888.7, 884.15, 1, 0),
    position("INFY", "NSE", "MIS", 250, 1588.95, 1588.95, 1, 0),
  ];
  const orders = [
    order("261120000001", positions[0], "SELL", 65, "UNKNOWN", { unknown_since: new Date(Date.now() - 95_000).toISOString(), price: 505.2 }),
    order("261120000002", positions[6], "SELL", 100, "PUT ORDER REQ RECEIVED", { queue_place: 17, queue_wait_ms: 2000, price: 1580 }),
    order("261120000003", positions[4], "BUY", 10, "OPEN", { exchange_order_id: "1300000012345678", proof: "exchange", price: 1400 }),
    order("261120000004", positions[3], "SELL", 30, "REJECTED", { status_message: "17070: The price is out of the current execution range.", price: 60000 }),
  ];
  block(positions[6], orders[1]);
  return { positions, orders, sequence: 1, streamId: "mock-1", exits: new Map(), listeners: new Set(), next: 5 };
}

export function order(order_id, position, transaction_type, quantity, status, more = {}) {
  return {
    order_id, exchange_order_id: null, status, status_message: null, status_message_raw: null, order_timestamp: new Date().toISOString(),
    exchange_timestamp: null, exchange_update_timestamp: null, variety: "regular", exchange: position.exchange,
    tradingsymbol: position.tradingsymbol, instrument_token: position.instrument_token, order_type: "LIMIT", transaction_type,
    validity: "DAY", product: position.product, quantity, price: 0, average_price: 0, filled_quantity: 0, pending_quantity: quantity,
    cancelled_quantity: 0, tag: null, proof: "none", unknown_since: null, plan_id: null, client_request_id: null, queue_place: null,
    queue_wait_ms: null, trades: [], ...more,
  };
}

const block = (held, blocking) => {
  held.pending_exit_quantity += blocking.pending_quantity;
  held.blocking_order_ids = [...held.blocking_order_ids, blocking.order_id];
};

export const view = (held) => {
  const { priceAt, ...rest } = held;
  const pnl = Math.round((held.last_price - held.average_price) * held.quantity * 100) / 100;
  return {
    ...rest, pnl, m2m: pnl, unrealised: pnl, realised: 0, value: Math.round(held.last_price * held.quantity * 100) / 100,
    closable_quantity: Math.max(0, Math.abs(held.quantity) - held.pending_exit_quantity),
    as_of: new Date(priceAt).toISOString(), age_ms: Date.now() - priceAt,
  };
};

export const find = (account, body) =>
  account.positions.find((held) => held.exchange === body.exchange && held.tradingsymbol === body.tradingsymbol && held.product === body.product);

export function publish(account, positions, orders) {
  const item = {
    kind: "delta", stream_id: account.streamId, from_sequence: account.sequence, sequence: account.sequence + 1,
    server_time: new Date().toISOString(), positions: positions.map(view), orders,
  };
  account.sequence += 1;
  account.listeners.forEach((tell) => tell(item));
}

export function plan(held, body) {
  const closable = view(held).closable_quantity;
  const lots = (units) => Math.floor(units / held.lot_size) * held.lot_size;
  const quantity = body.mode === "full" ? closable : body.mode === "percent" ? lots((closable * body.percent) / 100) : body.quantity;
  const side = held.quantity > 0 ? "SELL" : "BUY";
  const most = held.freeze_quantity > 0 ? lots(held.freeze_quantity) : quantity;
  const slices = [];
  for (let left = quantity; left > 0; left -= most) {
    slices.push(Math.min(left, most));
  }

  const price = Math.round(held.last_price * (side === "SELL" ? 0.98 : 1.02) * 20) / 20;
  return { side, quantity, slices, price, last_price: held.last_price, protection_percent: 2, as_of: new Date().toISOString(), closable };
}

export function place(account, held, body, fillAfterMs) {
  const { side, slices, price } = plan(held, body);
  const placed = slices.map((quantity) => order(`26112000000${account.next++}`, held, side, quantity, "OPEN PENDING", { price }));
  for (const each of placed) {
    account.orders.push(each);
    block(held, each);
  }

  publish(account, [held], placed);
  setTimeout(() => placed.forEach((each) => fill(account, held, each)), fillAfterMs);
  return placed;
}

function fill(account, held, each) {
  if (each.status !== "OPEN PENDING") {
    return;
  }

  held.quantity += each.transaction_type === "BUY" ? each.quantity : -each.quantity;
  release(held, each);
  Object.assign(each, {
    status: "COMPLETE", filled_quantity: each.quantity, pending_quantity: 0, average_price: held.last_price, proof: "exchange",
    exchange_order_id: `13000000${each.order_id}`, exchange_timestamp: new Date().toISOString(),
    trades: [{ trade_id: `T${each.order_id}`, quantity: each.quantity, average_price: held.last_price, exchange_timestamp: new Date().toISOString() }],
  });
  publish(account, [held], [each]);
}

export function cancel(account, each) {
  const held = find(account, each);
  each.status = "CANCEL PENDING";
  publish(account, [], [each]);
  setTimeout(() => {
    release(held, each);
    Object.assign(each, { status: "CANCELLED", cancelled_quantity: each.pending_quantity, pending_quantity: 0, queue_place: null, queue_wait_ms: null });
    publish(account, [held], [each]);
  }, 400);
}

function release(held, each) {
  if (held.blocking_order_ids.includes(each.order_id)) {
    held.blocking_order_ids = held.blocking_order_ids.filter((id) => id !== each.order_id);
    held.pending_exit_quantity -= each.quantity;
  }
}
