import { expect, it } from "vitest";
import { exitSchema } from "@/shared/api/exit-schemas";
import { residualsOf, toReprice } from "@/shared/exits/residual";
import { emptyPortfolio } from "@/shared/portfolio/portfolio";
import { anOrder } from "@/shared/portfolio/portfolio-samples";

const exit = (more: object = {}) =>
  exitSchema.parse({
    exit_id: "x",
    status: "running",
    accepted_at: "2026-11-20T04:51:00Z",
    lines: [
      {
        position: { exchange: "NFO", tradingsymbol: "A", product: "NRML" }, side: "SELL", quantity: 1800, filled: 1050, working: 750, held: 0,
        reprice: { order_id: "2", price: 99.3, last_price: 99.8 },
      },
    ],
    ...more,
  });
const portfolio = (serverTime: string) => ({
  ...emptyPortfolio,
  serverTime,
  orders: new Map([
    ["1", anOrder("1", "COMPLETE", { plan_id: "x", price: 101.2 })],
    ["2", anOrder("2", "OPEN", { plan_id: "x", price: 101.2 })],
    ["3", anOrder("3", "OPEN", { plan_id: "x", price: 99.3 })],
  ]),
});

it("shows what rests of an exit, and what of it the offered price brings nearer", () => {
  const [residual, ...others] = residualsOf([exit()], portfolio("2026-11-20T04:51:05Z"));

  expect(others).toEqual([]);
  expect(residual?.resting.map((order) => order.order_id)).toEqual(["2", "3"]);
  expect(residual === undefined ? [] : toReprice(residual).map((order) => order.order_id)).toEqual(["2"]);
});

it("looks for a higher price where the exit buys", () => {
  const [line] = exit().lines;
  const buying = line === undefined ? expect.fail("a line") : { ...line, side: "BUY" as const };
  expect(toReprice({ line: buying, resting: [anOrder("4", "OPEN", { price: 99.2 }), anOrder("5", "OPEN", { price: 99.4 })] }).map((order) => order.order_id)).toEqual(["4"]);
});

it.each([
  ["an exit that was taken a moment ago", exit(), "2026-11-20T04:51:02Z"],
  ["an exit that is over", exit({ status: "stopped" }), "2026-11-20T04:52:00Z"],
])("shows nothing of %s", (_, given, now) => {
  expect(residualsOf([given], portfolio(now))).toEqual([]);
});
