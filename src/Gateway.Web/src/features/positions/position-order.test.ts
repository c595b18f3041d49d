import { expect, it } from "vitest";
import { sortByLoss } from "./position-order";
import type { Position } from "@/shared/portfolio/portfolio";

const position = (key: string, quantity: number, pnl: number | string | null): Position => ({
  key,
  tradingsymbol: key,
  exchange: "NFO",
  product: "NRML",
  quantity,
  pnl,
  closable_quantity: 0,
  pending_exit_quantity: 0,
  blocking_order_ids: [],
  lot_size: 1,
  held_back_quantity: 0,
  banned: false,
  priceReceivedAt: 0,
});

it("puts the biggest loss first, the unpriced after the priced, and the flat last", () => {
  const sorted = sortByLoss([
    position("flat", 0, -900),
    position("gain", 5, 20),
    position("unpriced", 5, null),
    position("loss", -5, "-300.5"),
    position("small", 5, -2),
  ]);

  expect(sorted.map((each) => each.key)).toEqual(["loss", "small", "gain", "unpriced", "flat"]);
});
