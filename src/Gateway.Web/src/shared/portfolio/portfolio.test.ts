import { describe, expect, it } from "vitest";
import type { PositionMessage, StreamItem } from "@/shared/api/schemas";
import { applyItem, emptyPortfolio, positionKey } from "@/shared/portfolio/portfolio";
import { anOrder } from "@/shared/portfolio/portfolio-samples";

const position = (tradingsymbol: string, quantity: number, more: Partial<PositionMessage> = {}): PositionMessage => ({
  tradingsymbol,
  exchange: "NFO",
  product: "NRML",
  quantity,
  average_price: 100,
  last_price: 101,
  pnl: 5,
  closable_quantity: Math.abs(quantity),
  pending_exit_quantity: 0,
  blocking_order_ids: [],
  lot_size: 65,
  held_back_quantity: 0,
  banned: false,
  ...more,
});

const snapshot: StreamItem = { kind: "snapshot", stream_id: "s", sequence: 4, positions: [position("A", 130), position("B", 65)], orders: [anOrder("1", "OPEN")] };
const delta = (from: number, to: number, more: Partial<StreamItem> = {}): StreamItem => ({ kind: "delta", stream_id: "s", from_sequence: from, sequence: to, ...more });
const start = applyItem(emptyPortfolio, snapshot, 10).portfolio;
const quantityOf = (portfolio: typeof start, symbol: string) => portfolio.positions.get(positionKey({ exchange: "NFO", tradingsymbol: symbol, product: "NRML" }))?.quantity;

describe("the portfolio", () => {
  it("is replaced whole by a snapshot", () => {
    const next = applyItem(start, { ...snapshot, stream_id: "t", sequence: 1, positions: [position("C", 1)], orders: [] }, 20).portfolio;

    expect([...next.positions.values()].map((each) => each.tradingsymbol)).toEqual(["C"]);
    expect(next.orders.size).toBe(0);
    expect([next.streamId, next.sequence]).toEqual(["t", 1]);
  });

  it("takes changed positions and orders from a delta and keeps the rest", () => {
    const { portfolio, gap } = applyItem(start, delta(4, 5, { positions: [position("A", 65)], orders: [anOrder("1", "COMPLETE")] }), 20);

    expect(gap).toBe(false);
    expect([quantityOf(portfolio, "A"), quantityOf(portfolio, "B")]).toEqual([65, 65]);
    expect(portfolio.orders.get("1")?.status).toBe("COMPLETE");
    expect(portfolio.sequence).toBe(5);
  });

  it("says so when something is missing before a delta, and changes nothing", () => {
    const { portfolio, gap } = applyItem(start, delta(5, 6, { positions: [position("A", 0)] }), 20);

    expect(gap).toBe(true);
    expect(portfolio).toBe(start);
  });

  it("takes a moved place in the queue, which has no sequence of its own", () => {
    const queued = { ...anOrder("1", "PUT ORDER REQ RECEIVED"), queue_place: 3 };
    const { portfolio, gap } = applyItem(start, delta(4, 4, { orders: [queued] }), 20);

    expect(gap).toBe(false);
    expect(portfolio.orders.get("1")?.queue_place).toBe(3);
    expect(portfolio.sequence).toBe(4);
  });

  it("takes a delta that begins before what it has, because what is in it is whole", () => {
    const { portfolio, gap } = applyItem(start, delta(2, 6, { positions: [position("A", 65)] }), 20);

    expect([gap, quantityOf(portfolio, "A"), portfolio.sequence]).toEqual([false, 65, 6]);
  });

  it("ignores a delta older than what it has", () => {
    const { portfolio, gap } = applyItem(start, delta(2, 3, { positions: [position("A", 999)] }), 20);

    expect(gap).toBe(false);
    expect(quantityOf(portfolio, "A")).toBe(130);
  });

  it("takes a delta of another stream for a gap", () => {
    expect(applyItem(start, delta(4, 5, { stream_id: "other" }), 20).gap).toBe(true);
  });

  it("takes a delta before any snapshot for a gap", () => {
    expect(applyItem(emptyPortfolio, delta(0, 1), 20).gap).toBe(true);
  });

  it("takes new prices without touching quantities or the sequence", () => {
    const prices = [{ exchange: "NFO", tradingsymbol: "A", product: "NRML", last_price: 99.05, pnl: -3, age_ms: 200 }];
    const { portfolio } = applyItem(start, { kind: "prices", prices }, 30);
    const priced = portfolio.positions.get("NFO:A:NRML");

    expect([priced?.last_price, priced?.pnl, priced?.quantity, priced?.priceReceivedAt]).toEqual([99.05, -3, 130, 30]);
    expect(portfolio.positions.get("NFO:B:NRML")?.priceReceivedAt).toBe(10);
    expect(portfolio.sequence).toBe(4);
  });

  it("is heard of by a heartbeat, which makes no price younger", () => {
    const { portfolio } = applyItem(start, { kind: "heartbeat", server_time: "2026-11-20T04:51:07Z" }, 50);

    expect([portfolio.heardAt, portfolio.serverTime]).toEqual([50, "2026-11-20T04:51:07Z"]);
    expect(portfolio.positions.get("NFO:A:NRML")?.priceReceivedAt).toBe(10);
  });
});
