// What a person can look up and keep, in a real browser: notices, the receipt of an order, the profile.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { assertAccessible } from "./axe.mjs";
import { shoot } from "./browser.mjs";
import { logIn, openPage, openPositions, otherClient, outDir, tellExchange } from "./trader.mjs";

let browser, page, faults, by, name;
const exit = async (percent, step) => {
  await by(`exit-open-${name}`).click();
  await by(`exit-percent-${percent}`).click();
  await page.locator('[data-testid="exit-confirm"]:enabled').click();
  await page.locator(`[data-testid="exit-progress"][data-step="${step}"]`).waitFor();
  await by("exit-close").click();
};

before(async () => {
  ({ browser, page, faults, by } = await openPage());
  await logIn(page, otherClient(2));
  [name] = await openPositions(page);
});

after(async () => {
  await tellExchange("fault", { kind: "reject", error: 16283, count: 0 });
  await browser?.close();
});

test("fills and rejections become notices, counted and said to a screen reader", async () => {
  await exit(50, "done");
  await page.locator('[data-testid="notices-open"][data-unread="1"]').waitFor();
  await by("announcer").getByText(/all 65 traded/).waitFor({ state: "attached" });
  await tellExchange("fault", { kind: "reject", error: 16283, count: 1 });
  await exit(100, "partly");
  await page.locator('[data-testid="notices-open"][data-unread="2"]').waitFor();
  await shoot(page, outDir, "30-bell");
  await by("notices-open").click();
  await by("notice-list").locator("li").nth(1).waitFor();
  assert.deepEqual(await by("notice-list").locator("li").evaluateAll((items) => items.map((item) => item.dataset.kind)), ["rejected", "filled"]);
  await shoot(page, outDir, "31-notices");
  await assertAccessible(page, "the notices");
  await by("notices-close").click();
  await page.locator('[data-testid="notices-open"][data-unread="0"]').waitFor();
});

test("the receipt of an order holds its numbers, its steps and its time", async () => {
  await page.getByRole("link", { name: /^Orders/ }).click();
  const row = page.locator('[data-testid^="order-row-"][data-status="COMPLETE"]');
  await row.waitFor();
  const id = (await row.getAttribute("data-testid")).replace("order-row-", "");
  const proof = await row.locator(".proof").innerText();
  const [download] = await Promise.all([page.waitForEvent("download"), by(`receipt-${id}`).click()]);
  assert.equal(download.suggestedFilename(), `receipt-${id}.html`);
  const receipt = await readFile(await download.path(), "utf8");
  const exchangeOrder = proof.match(/Exchange order\s*(\d+)/)[1];
  const trade = proof.match(/Trades\s*(\d+):/)[1];
  for (const part of [id, exchangeOrder, trade, "Accepted here, not sent yet", "Open at the exchange", "Complete", "Instruction taken", otherClient(2).clientId]) {
    assert.ok(receipt.includes(part), `The receipt has "${part}".`);
  }

  await shoot(page, outDir, "32-orders");
  await assertAccessible(page, "the orders with receipts");
});

test("the profile says who is logged in", async () => {
  await by("profile-link").click();
  await by("profile").getByText(otherClient(2).clientId, { exact: true }).waitFor();
  await shoot(page, outDir, "33-profile");
  await assertAccessible(page, "the profile");
  assert.deepEqual(faults, [], "The page itself never broke.");
});
