// Exits of several positions in a real browser: selected, a group, all; with what is in their way, and what goes wrong.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertAccessible } from "./axe.mjs";
import { shoot } from "./browser.mjs";
import { hold, logIn, openPage, openPositions, otherClient, outDir, tellExchange } from "./trader.mjs";

let browser, page, faults, by;
const step = (wanted) => page.locator(`[data-testid="many-progress"][data-step="${wanted}"]`).waitFor();
const symbolsIn = async (list) => {
  await by(list).locator("li").first().waitFor();
  return await by(list).locator("li").evaluateAll((rows) => rows.map((row) => row.dataset.symbol));
};
const lineState = (name, state) => page.locator(`[data-testid="exit-line-${name}"][data-state="${state}"]`).waitFor();
const close = async () => {
  await by("exit-close").click();
  await by("exit-close").waitFor({ state: "detached" });
};

before(async () => {
  ({ browser, page, faults, by } = await openPage());
  await logIn(page, otherClient(0));
});

after(async () => {
  await tellExchange("liquidity", { mode: "full" });
  await tellExchange("fault", { kind: "reject", error: 16283, count: 0 });
  await browser?.close();
});

test("positions are filtered and put into groups", async () => {
  const all = await openPositions(page);
  await by("view-side").selectOption("short");
  const short = await openPositions(page);
  assert.ok(short.length > 0 && short.length < all.length, `Shorts are some of them: ${short} of ${all}`);
  assert.match(await by("exit-all").innerText(), new RegExp(`THE ${short.length} SHOWN`));
  await page.getByRole("button", { name: "Show all" }).click();
  await by("view-grouping").selectOption("expiry");
  await page.locator('[data-testid^="group-"]').first().waitFor();
  await shoot(page, outDir, "10-groups");
  await assertAccessible(page, "the groups");
  assert.deepEqual((await openPositions(page)).sort(), all.sort());
});

test("selected positions are exited after a preview, and only by holding", async () => {
  const chosen = ["HDFCBANK30DEC1000PE-NRML", "SBIN30DECFUT-NRML"];
  for (const name of chosen) {
    await by(`pick-${name}`).check();
  }

  await shoot(page, outDir, "11-selected");
  await by("exit-selected").click();
  assert.deepEqual((await symbolsIn("lines-first")).map((symbol) => `${symbol}-NRML`).sort(), chosen.sort());
  await assertAccessible(page, "the exit of several");
  await page.locator('[data-testid="many-confirm"]:enabled').click();
  await page.getByText("Nothing was sent").waitFor();
  await hold(page, "many-confirm");
  await step("done");
  await shoot(page, outDir, "12-selected-done");
  await close();
  const left = await openPositions(page);
  assert.ok(chosen.every((name) => !left.includes(name)), `Both are out: ${left}`);
});

test("in a group the cover waits for the short, and the closed ticket is not forgotten", async () => {
  await tellExchange("liquidity", { mode: "none" });
  await by("exit-group-RELIANCE 2030-12-31").click();
  assert.deepEqual([await symbolsIn("lines-first"), await symbolsIn("lines-hedges")], [["RELIANCE30DEC1520CE"], ["RELIANCE30DECFUT"]]);
  await shoot(page, outDir, "13-group-preview");
  await hold(page, "many-confirm", "Enter");
  await lineState("RELIANCE30DEC1520CE-NRML", "working");
  await lineState("RELIANCE30DECFUT-NRML", "waiting");
  await shoot(page, outDir, "14-group-waits");
  await assertAccessible(page, "an exit at work");
  await close();
  await by("running-exit").waitFor();
  await shoot(page, outDir, "15-running");
  await page.reload();
  await by("running-exit").getByRole("button", { name: "Show" }).click();
  await lineState("RELIANCE30DECFUT-NRML", "waiting");
  await tellExchange("liquidity", { mode: "full" });
  await step("done");
  await close();
  await by("running-exit").waitFor({ state: "detached" });
});

test("open orders are cancelled together, and those in the way of an exit before it", async () => {
  await tellExchange("liquidity", { mode: "none" });
  await by("exit-all").click();
  await hold(page, "many-confirm", " ");
  await lineState("INFY30DEC1620CE-NRML", "working");
  await close();
  await page.getByRole("link", { name: /^Orders/ }).click();
  const open = page.locator('[data-testid^="order-row-"][data-status="OPEN"]');
  await open.nth(1).waitFor();
  await shoot(page, outDir, "16-cancel-all");
  await assertAccessible(page, "the cancel of several");
  await hold(page, "orders-cancel-many");
  await open.first().waitFor({ state: "detached" });
  await page.locator('[data-testid^="order-row-"][data-status="CANCELLED"]').nth(1).waitFor();
  await page.getByRole("link", { name: /^Positions/ }).click();

  // Two exits of one position each rest, so that what is left to exit is held by orders.
  for (const name of await openPositions(page)) {
    await by(`exit-open-${name}`).click();
    await page.locator('[data-testid="exit-confirm"]:enabled').click();
    await page.locator('[data-testid="exit-progress"][data-step="resting"]').waitFor();
    await close();
  }

  await by("exit-all").click();
  await by("lines-refused").waitFor();
  assert.ok(await by("many-confirm").isDisabled(), "Nothing can go while all of it is held by orders.");
  await shoot(page, outDir, "17-blocked");
  await by("cancel-blocking").check();
  await by("lines-refused").waitFor({ state: "detached" });
  await hold(page, "many-confirm");
  await lineState("INFY30DEC1620CE-NRML", "working");
  await by("exit-stop").click();
  await step("partly");
  await close();
});

test("what the exchange refuses of an exit is told in plain words, and can be tried again", async () => {
  await tellExchange("liquidity", { mode: "full" });
  await tellExchange("fault", { kind: "reject", error: 16283, count: 1 });
  await by("exit-all").click();
  await hold(page, "many-confirm");
  await step("partly");
  assert.match(await by("many-progress").innerText(), /1 of 2 positions are out[\s\S]*1 was not exited/);
  await page.locator('[data-testid^="exit-line-"][data-state="failed"] .order-message').waitFor();
  await shoot(page, outDir, "18-partly");
  await assertAccessible(page, "a partial failure");
  await close();
  await by("running-exit").first().waitFor();
  await by("exit-all").click();
  await by("many-confirm-word").evaluate((field) => {
    field.closest("details").open = true;
  });
  await by("many-confirm-word").fill("exit");
  await by("many-confirm-word").press("Enter");
  await step("done");
  await close();
  assert.deepEqual(await openPositions(page), []);
  await by("running-exit").first().waitFor({ state: "detached" });
  assert.deepEqual(faults, [], "The page itself never broke.");
});
