import { expect, it } from "vitest";
import { receiptHtml } from "./receipt-html";
import { anOrder } from "@/shared/portfolio/portfolio-samples";

const taken = anOrder("DEMO01-7", "PUT ORDER REQ RECEIVED", { order_timestamp: "2026-11-20 10:21:07", plan_id: "exit-1", price: 101.2 });
const now = { ...taken, status: "COMPLETE", filled_quantity: 65, exchange_order_id: "1300000000000042", exchange_update_timestamp: "2026-11-20 10:21:08", status_message: "<b>as told</b>" };
const receipt = receiptHtml({
  account: "DEMO01 Aarav & Co",
  steps: [taken, now],
  trades: [{ trade_id: "1000001", exchange_order_id: "1300000000000042", quantity: 65, average_price: 101.25, fill_timestamp: "2026-11-20 10:21:08" }],
  madeAt: "2026-11-20T05:00:00.000Z",
  language: "en-IN",
});
const page = new DOMParser().parseFromString(receipt, "text/html");
const rows = [...page.querySelectorAll("tr")].map((row) => [...row.children].map((cell) => cell.textContent));

it("says who asked for what and when, with the exchange's numbers", () => {
  expect(rows).toContainEqual(["Account", "DEMO01 Aarav & Co"]);
  expect(rows).toContainEqual(["Instruction taken", "2026-11-20 10:21:07 India time"]);
  expect(rows).toContainEqual(["Instruction", "SELL 65 NFO:A NRML"]);
  expect(rows).toContainEqual(["Exchange order", "1300000000000042"]);
  expect(rows).toContainEqual(["Exit", "exit-1"]);
});

it("lists every step and every trade", () => {
  expect(rows).toContainEqual(["2026-11-20 10:21:07", "Accepted here, not sent yet", "0", ""]);
  expect(rows).toContainEqual(["2026-11-20 10:21:08", "Complete", "65", "<b>as told</b>"]);
  expect(rows).toContainEqual(["1000001", "2026-11-20 10:21:08", "65", "101.25", "1300000000000042"]);
});

it("runs nothing of what it was told", () => {
  expect(page.querySelector("b, script")).toBeNull();
});
