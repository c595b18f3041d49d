import { expect, it } from "vitest";
import { sortByLoss } from "./position-order";
import type { Position } from "@/shared/portfolio/portfolio";
import { aPosition } from "@/shared/portfolio/portfolio-samples";

const position = (symbol: string, quantity: number, pnl: number | string | null): Position => aPosition(symbol, quantity, { pnl });

it("puts the biggest loss first, the unpriced after the priced, and the flat last", () => {
  const sorted = sortByLoss([
    position("flat", 0, -900),
    position("gain", 5, 20),
    position("unpriced", 5, null),
    position("loss", -5, "-300.5"),
    position("small", 5, -2),
  ]);

  expect(sorted.map((each) => each.tradingsymbol)).toEqual(["loss", "small", "gain", "unpriced", "flat"]);
});
