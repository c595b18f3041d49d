import { afterEach, describe, expect, it } from "vitest";
import { noticeText } from "@/shared/notices/notice-text";
import { markRead, noteStatus, noticesMax, noticesStore, startNotices } from "@/shared/notices/notices";
import { factsBetween } from "@/shared/notices/order-facts";
import type { Order, SystemStatus } from "@/shared/api/schemas";
import { emptyPortfolio } from "@/shared/portfolio/portfolio";
import { portfolioStore } from "@/shared/portfolio/portfolio-store";
import { anOrder } from "@/shared/portfolio/portfolio-samples";

const orders = (...some: Order[]): ReadonlyMap<string, Order> => new Map(some.map((order) => [order.order_id, order]));
const kinds = (before: ReadonlyMap<string, Order>, now: ReadonlyMap<string, Order>): string[] => factsBetween(before, now).map((fact) => fact.kind);
const told = (...some: Order[]): void => {
  portfolioStore.set({ ...emptyPortfolio, loaded: true, orders: orders(...some) });
};
/** Readers of the store are told with the next frame. */
const frame = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 60));

afterEach(() => {
  portfolioStore.set(emptyPortfolio);
});

describe("what happened to orders", () => {
  it.each<[string, Order, Order, string[]]>([
    ["a first fill", anOrder("1", "OPEN"), anOrder("1", "OPEN", { filled_quantity: 20 }), ["partFilled"]],
    ["the last fill", anOrder("1", "OPEN", { filled_quantity: 20 }), anOrder("1", "COMPLETE", { filled_quantity: 65 }), ["filled"]],
    ["a rejection", anOrder("1", "OPEN PENDING"), anOrder("1", "REJECTED"), ["rejected"]],
    ["a cancel after a fill that came with it", anOrder("1", "CANCEL PENDING"), anOrder("1", "CANCELLED", { filled_quantity: 20 }), ["partFilled", "cancelled"]],
    ["doubt", anOrder("1", "OPEN PENDING"), anOrder("1", "UNKNOWN"), ["unknown"]],
    ["the end of doubt", anOrder("1", "UNKNOWN"), anOrder("1", "OPEN"), ["resolved"]],
    ["no news", anOrder("1", "OPEN"), anOrder("1", "OPEN", { queue_place: 3 }), []],
  ])("is told of %s", (_, before, now, expected) => {
    expect(kinds(orders(before), orders(now))).toEqual(expected);
  });

  it("is told of an order that came and traded at once", () => {
    expect(kinds(orders(), orders(anOrder("1", "COMPLETE", { filled_quantity: 65 })))).toEqual(["filled"]);
  });
});

describe("the notices", () => {
  it("begin after the login, newest first, and are counted until they are read", async () => {
    told(anOrder("1", "REJECTED"));
    await frame();
    const stop = startNotices();
    told(anOrder("1", "REJECTED"), anOrder("2", "COMPLETE", { filled_quantity: 65, average_price: 101.5 }));
    await frame();
    told(anOrder("1", "REJECTED"), anOrder("2", "COMPLETE", { filled_quantity: 65, average_price: 101.5 }), anOrder("3", "REJECTED", { status_message: "17070: out of range" }));
    await frame();

    expect(noticesStore.get().items.map(noticeText)).toEqual(["SELL A: rejected. 17070: out of range", "SELL A: all 65 traded, average 101.50."]);
    expect(noticesStore.get().unread).toBe(2);
    markRead();
    expect(noticesStore.get().unread).toBe(0);
    stop();
    expect(noticesStore.get().items).toEqual([]);
  });

  it("keep the newest when there are too many", async () => {
    told();
    await frame();
    const stop = startNotices();
    told(...Array.from({ length: noticesMax + 5 }, (_, index) => anOrder(String(index), "REJECTED", { tradingsymbol: `S${index}` })));
    await frame();

    const { items } = noticesStore.get();
    expect([items.length, items[0] === undefined ? "" : noticeText(items[0])]).toEqual([noticesMax, `SELL S${noticesMax + 4}: rejected.`]);
    stop();
  });

  it("tell what the system says anew, and when a link to the exchange goes or comes", () => {
    const status = (message: string, trading: boolean): SystemStatus => ({ mode: "backup", message, exchange: [{ segment: "FO", state: "x", trading }] });
    noteStatus(null, status("Backup mode.", true));
    noteStatus(status("Backup mode.", true), status("Backup mode.", false));
    noteStatus(status("Backup mode.", false), status("The main site is back.", true));

    expect(noticesStore.get().items.map(noticeText)).toEqual([
      "F&O: the exchange is connected again.",
      "The main site is back.",
      "F&O: the link to the exchange is down.",
    ]);
  });
});
