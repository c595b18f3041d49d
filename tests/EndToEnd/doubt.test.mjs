// An order of which the exchange says nothing, in a real browser: shown as not known, with what not to do, until it is known again.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertAccessible } from "./axe.mjs";
import { shoot } from "./browser.mjs";
import { confirmExit, logIn, openPage, openPositions, otherClient, outDir, tellExchange } from "./trader.mjs";

let browser, page, faults, by;

before(async () => {
  ({ browser, page, faults, by } = await openPage());
  await logIn(page, otherClient(7));
});

after(async () => {
  await tellExchange("swallow", { next: 0 });
  await browser?.close();
  assert.deepEqual(faults, [], "The page itself never broke.");
});

test("an order without an answer is not known, must not be repeated, and is found again", async () => {
  const [name] = await openPositions(page);
  await tellExchange("swallow", { next: 1 });
  await confirmExit(page, name);
  await by("exit-progress").waitFor();
  await by("exit-close").click();
  await page.getByRole("link", { name: /^Orders/ }).click();
  await page.locator('[data-testid^="order-row-"][data-status="UNKNOWN"]').first().waitFor();
  assert.match(await page.locator(".unknown").innerText(), /Do not repeat this order/);
  await shoot(page, outDir, "95-unknown");

  const row = page.locator('[data-testid^="order-row-"]').first();
  await page.locator('[data-testid^="order-row-"][data-status="COMPLETE"]').first().waitFor({ timeout: 60_000 });
  await page.locator('[data-testid^="order-row-"][data-status="UNKNOWN"]').waitFor({ state: "detached" });
  assert.match(await row.locator(".proof").innerText(), /Exchange order\s*\S+/);
  await assertAccessible(page, "an order that is known again");
  await page.getByRole("link", { name: /^Positions/ }).click();
  await page.locator(`[data-testid="quantity-${name}"][data-quantity="0"]`).waitFor();
});
