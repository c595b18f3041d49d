import type { Order, PositionMessage, PriceMessage, StreamItem } from "@/shared/api/schemas";

/** A position and the moment (page clock, ms) at which its price reached this page. */
export interface Position extends PositionMessage {
  readonly key: string;
  readonly priceReceivedAt: number;
}

/** All that is known of the account, as of one place in one stream. */
export interface Portfolio {
  readonly loaded: boolean;
  readonly streamId: string | null;
  readonly sequence: number | null;
  readonly serverTime: string | null;
  /** When the last message of any kind came (page clock, ms). */
  readonly heardAt: number | null;
  readonly positions: ReadonlyMap<string, Position>;
  readonly orders: ReadonlyMap<string, Order>;
}

export const emptyPortfolio: Portfolio = {
  loaded: false,
  streamId: null,
  sequence: null,
  serverTime: null,
  heardAt: null,
  positions: new Map(),
  orders: new Map(),
};

export interface Applied {
  readonly portfolio: Portfolio;
  /** Something between what we had and this message is missing: only a snapshot helps. */
  readonly gap: boolean;
}

interface Named {
  readonly exchange: string;
  readonly tradingsymbol: string;
  readonly product: string;
}

export const positionKey = (named: Named): string => `${named.exchange}:${named.tradingsymbol}:${named.product}`;

/** Takes one message in. A message already taken in changes nothing; a gap changes nothing but says so. */
export function applyItem(current: Portfolio, item: StreamItem, receivedAt: number): Applied {
  const heard = { ...current, heardAt: receivedAt, serverTime: item.server_time ?? current.serverTime };
  switch (item.kind) {
    case "heartbeat":
      return { portfolio: heard, gap: false };
    case "prices":
      return { portfolio: { ...heard, positions: withPrices(current.positions, item.prices ?? [], receivedAt) }, gap: false };
    case "snapshot":
      return {
        portfolio: {
          ...fromLists(item.positions ?? [], item.orders ?? [], heard.serverTime, receivedAt),
          streamId: item.stream_id ?? null,
          sequence: item.sequence ?? null,
        },
        gap: false,
      };
    case "delta":
      return applyDelta(current, heard, item, receivedAt);
  }
}

/** A portfolio from whole lists, outside of any stream. */
export function fromLists(positions: readonly PositionMessage[], orders: readonly Order[], serverTime: string | null, receivedAt: number): Portfolio {
  return {
    loaded: true,
    streamId: null,
    sequence: null,
    serverTime,
    heardAt: receivedAt,
    positions: withPositions(new Map(), positions, receivedAt),
    orders: new Map(orders.map((order) => [order.order_id, order])),
  };
}

function applyDelta(current: Portfolio, heard: Portfolio, item: StreamItem, receivedAt: number): Applied {
  const { sequence, from_sequence: from } = item;
  if (!current.loaded || current.sequence === null || typeof sequence !== "number" || typeof from !== "number" || item.stream_id !== current.streamId) {
    return { portfolio: current, gap: true };
  }

  if (from > current.sequence) {
    return { portfolio: current, gap: true };
  }

  // Older than what we have: nothing in it is news. As new as what we have: a place in the queue moved, which is no event.
  if (sequence < current.sequence) {
    return { portfolio: heard, gap: false };
  }

  const orders = new Map(current.orders);
  for (const order of item.orders ?? []) {
    orders.set(order.order_id, order);
  }

  return { portfolio: { ...heard, sequence, orders, positions: withPositions(current.positions, item.positions ?? [], receivedAt) }, gap: false };
}

function withPositions(current: ReadonlyMap<string, Position>, changed: readonly PositionMessage[], receivedAt: number): ReadonlyMap<string, Position> {
  const positions = new Map(current);
  for (const message of changed) {
    const key = positionKey(message);
    positions.set(key, { ...message, key, priceReceivedAt: receivedAt });
  }

  return positions;
}

function withPrices(current: ReadonlyMap<string, Position>, prices: readonly PriceMessage[], receivedAt: number): ReadonlyMap<string, Position> {
  const positions = new Map(current);
  for (const price of prices) {
    const key = positionKey(price);
    const position = positions.get(key);
    if (position !== undefined) {
      positions.set(key, { ...position, ...price, priceReceivedAt: receivedAt });
    }
  }

  return positions;
}
