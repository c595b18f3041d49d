import { describe, expect, it } from "vitest";
import { exitSchema, type ExitLine } from "@/shared/api/exit-schemas";
import { lineState, ordersOfLine, reasonsOf, summarise } from "@/shared/exits/exit-progress";
import { positionsOf, requestOf } from "@/shared/exits/exit-scope";
import { aPosition, anOrder } from "@/shared/portfolio/portfolio-samples";

const named = (tradingsymbol: string) => ({ exchange: "NFO", tradingsymbol, product: "NRML" });
const line = (more: Partial<ExitLine>): ExitLine => ({
  position: named("A"),
  side: "SELL",
  quantity: 100,
  filled: 0,
  working: 0,
  held: 0,
  is_hedge: false,
  waits_for: [],
  ...more,
});

describe("one position of an exit", () => {
  it.each([
    ["is done when all of it has traded", line({ filled: 100 }), "done"],
    ["works while an order holds the rest", line({ filled: 40, working: 60 }), "working"],
    ["waits for cancels before anything else", line({ held: 100, waits_for: ["7"] }), "cancelling"],
    ["waits for the shorts that it covers", line({ held: 100, is_hedge: true }), "waiting"],
    ["is in line while nothing of it was sent", line({ held: 100 }), "queued"],
    ["has failed when a rest is left and nothing works for it", line({ filled: 40 }), "failed"],
  ])("%s", (_, given, expected) => {
    expect(lineState(given, [])).toBe(expected);
  });

  it("is not known as soon as one of its orders is not", () => {
    expect(lineState(line({ working: 100 }), [anOrder("1", "OPEN"), anOrder("2", "UNKNOWN")])).toBe("unknown");
  });
});

describe("an exit", () => {
  const exit = exitSchema.parse({
    exit_id: "x",
    lines: [line({ filled: 100 }), { ...line({ filled: 40 }), position: named("B") }],
    refused: [{ position: named("C"), code: 1019, reason: "MarketClosed", message: "closed" }],
    orders: [anOrder("1", "OPEN", { plan_id: "x" }), anOrder("2", "OPEN", { plan_id: "x", tradingsymbol: "B" })],
  });
  const live = new Map([
    ["2", anOrder("2", "REJECTED", { plan_id: "x", tradingsymbol: "B", status_message: "17070: out of range" })],
    ["3", anOrder("3", "OPEN", { plan_id: "x", tradingsymbol: "B" })],
    ["9", anOrder("9", "OPEN", { plan_id: "other", tradingsymbol: "B" })],
  ]);

  it("counts what is out, what is not, and what was never taken", () => {
    expect(summarise(exit, live)).toEqual({ lines: 3, done: 1, working: 0, waiting: 0, unknown: 0, failed: 2 });
  });

  it("shows each order as the live line has it, those made since included, and nobody else's", () => {
    const [, second] = exit.lines;
    const orders = second === undefined ? [] : ordersOfLine(exit, second, live);
    expect(orders.map((order) => [order.order_id, order.status])).toEqual([["2", "REJECTED"], ["3", "OPEN"]]);
    expect(reasonsOf(orders)).toEqual(["17070: out of range"]);
  });
});

describe("the choice of positions", () => {
  const positions = new Map(
    [
      aPosition("A", 10, { underlying: "N", expiry: "2030-12-31" }),
      aPosition("B", -10, { underlying: "N", expiry: "2031-06-24" }),
      aPosition("C", 0, { underlying: "N", expiry: "2030-12-31" }),
    ].map((position) => [position.key, position]),
  );
  const symbols = (scope: Parameters<typeof positionsOf>[0]): string[] => positionsOf(scope, positions).map((position) => position.tradingsymbol);

  it("of all is what is open", () => {
    expect(symbols({ kind: "all" })).toEqual(["A", "B"]);
    expect(requestOf({ kind: "all" }, positions)).toEqual({ mode: "full", all: true });
  });

  it("of a group is what has all of it in common", () => {
    expect(symbols({ kind: "group", group: { underlying: "N", expiry: "2030-12-31" } })).toEqual(["A"]);
    expect(symbols({ kind: "group", group: { side: "short" } })).toEqual(["B"]);
  });

  it("of selected ones names each, and forgets what is gone", () => {
    expect(requestOf({ kind: "selected", keys: ["NFO:A:NRML", "NFO:GONE:NRML"] }, positions)).toEqual({ mode: "full", positions: [named("A")] });
  });
});
