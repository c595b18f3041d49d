import { describe, expect, it } from "vitest";
import { filtersOf, requestOf } from "./group-row";
import { choicesOf, rowsOf, wholeView, type PositionsView } from "./positions-view";
import type { Position } from "@/shared/portfolio/portfolio";
import { aPosition } from "@/shared/portfolio/portfolio-samples";

const held: readonly Position[] = [
  aPosition("NIFTY30DEC25500CE", -65, { underlying: "NIFTY", expiry: "2030-12-31", pnl: -10 }),
  aPosition("NIFTY31JUNFUT", 65, { underlying: "NIFTY", expiry: "2031-06-24", pnl: -900 }),
  aPosition("NIFTY30DEC25900CE", 65, { underlying: "NIFTY", expiry: "2030-12-31", pnl: 40 }),
  aPosition("SBIN", -400, { underlying: "SBIN", exchange: "NSE", product: "MIS", pnl: -500 }),
  aPosition("SBIN30DECFUT", 1500, { underlying: "SBIN", expiry: "2030-12-31", pnl: 5 }),
];

const shown = (view: Partial<PositionsView>): string[] =>
  rowsOf(held, { ...wholeView, ...view }).map((row) => (row.kind === "group" ? `[${row.group.id}]` : row.position.tradingsymbol));

describe("the view of the positions", () => {
  it("shows all with the biggest loss first, as long as nothing else is chosen", () => {
    expect(shown({})).toEqual(["NIFTY31JUNFUT", "SBIN", "NIFTY30DEC25500CE", "SBIN30DECFUT", "NIFTY30DEC25900CE"]);
  });

  it("shows only what passes every filter", () => {
    expect(shown({ segment: "NFO", side: "short" })).toEqual(["NIFTY30DEC25500CE"]);
    expect(shown({ product: "MIS" })).toEqual(["SBIN"]);
  });

  it("puts a group where its worst position is", () => {
    expect(shown({ grouping: "underlying" })).toEqual(["[NIFTY]", "NIFTY31JUNFUT", "NIFTY30DEC25500CE", "NIFTY30DEC25900CE", "[SBIN]", "SBIN", "SBIN30DECFUT"]);
  });

  it("parts an underlying by its last days, and its shares from both", () => {
    expect(shown({ grouping: "expiry", sorting: "contract" }).filter((row) => row.startsWith("["))).toEqual([
      "[NIFTY 2030-12-31]",
      "[NIFTY 2031-06-24]",
      "[SBIN 2030-12-31]",
      "[SBIN NSE]",
    ]);
  });

  it("offers to choose between what is held", () => {
    expect([choicesOf(held, "exchange"), choicesOf(held, "product")]).toEqual([["NFO", "NSE"], ["MIS", "NRML"]]);
  });
});

describe("the exit of a group", () => {
  const groups = rowsOf(held, { ...wholeView, grouping: "expiry" }).flatMap((row) => (row.kind === "group" ? [row.group] : []));
  const group = (id: string) => groups.find((each) => each.id === id) ?? expect.fail(`no group ${id}`);

  it("names underlying and last day", () => {
    expect(requestOf(group("NIFTY 2030-12-31"), wholeView)).toEqual({ underlying: "NIFTY", expiry: "2030-12-31" });
  });

  it("names the exchange of shares, which have no last day: the futures of the same name stay", () => {
    expect(requestOf(group("SBIN NSE"), wholeView)).toEqual({ underlying: "SBIN", segment: "NSE" });
  });

  it("never reaches what a filter hides", () => {
    expect(requestOf(group("NIFTY 2030-12-31"), { ...wholeView, side: "short" })).toEqual({ underlying: "NIFTY", expiry: "2030-12-31", side: "short" });
    expect(filtersOf({ ...wholeView, segment: "NFO", product: "NRML" })).toEqual({ segment: "NFO", product: "NRML" });
  });
});
