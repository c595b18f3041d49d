// The page in a real browser against real servers. What it needs comes by the environment; see README.md.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertAccessible } from "./axe.mjs";
import { shoot } from "./browser.mjs";
import { waitForCode } from "./inbox.mjs";
import { logIn, need, openPage, outDir } from "./trader.mjs";

const client = { clientId: need("CLIENT_ID"), mobile: need("CLIENT_MOBILE") };
const pageUrl = need("PAGE_URL");
const wanted = process.env.POSITION;
let browser, page, faults, by;

before(async () => {
  ({ browser, page, faults, by } = await openPage());
});

after(() => browser?.close());

/** The first position that can be halved, or the one that POSITION names (`SYMBOL-PRODUCT`). */
async function pick() {
  const rows = await by("positions-table").locator("tbody tr").evaluateAll((found) =>
    found.map((row) => ({
      name: row.dataset.testid.replace("position-row-", ""),
      quantity: Number(row.querySelector("[data-quantity]").dataset.quantity),
      closable: Number(row.querySelector(".closable").textContent.replaceAll(/\D/g, "")),
    })),
  );
  const found = rows.find((row) => (wanted === undefined ? row.closable > 1 && row.closable === Math.abs(row.quantity) : row.name === wanted));
  return found ?? assert.fail(`No position to exit (${wanted ?? "any"}) in ${JSON.stringify(rows)}`);
}

const quantityOf = async (name) => Number(await by(`quantity-${name}`).getAttribute("data-quantity"));

/** Waits for the quantity to be, or no longer to be, a number. By selectors only: the page's policy runs no text as code. */
const waitForQuantity = (name, condition, description) =>
  page.locator(`[data-testid="quantity-${name}"]${condition}`).waitFor()
    .catch(async (error) => assert.fail(`${description}: the quantity of ${name} is ${await quantityOf(name)} (${error.message.split("\n")[0]})`));

async function exit(name, percent) {
  await by(`exit-open-${name}`).click();
  await by(`exit-percent-${percent}`).click();
  await page.locator(`[data-testid="exit-percent-${percent}"][aria-pressed="true"]`).waitFor();
  await readWarnings();
}

/** An exit that may surprise asks first: its button is there when the warning has been read. */
async function readWarnings() {
  await page.locator('[data-testid="exit-confirm"]:enabled, [data-testid="exit-understood"]').first().waitFor();
  if (await by("exit-understood").count()) {
    assert.ok(await by("exit-confirm").isDisabled(), "Nothing is sent before the warning has been read.");
    await by("exit-understood").check();
  }

  await page.locator('[data-testid="exit-confirm"]:enabled').waitFor();
}

test("a client logs in with the code that was sent to him", async () => {
  await page.goto(pageUrl);
  await by("login-client-id").fill(client.clientId);
  await shoot(page, outDir, "1-login");
  await assertAccessible(page, "the login");
  const asked = Date.now();
  await by("login-send").click();
  await by("login-code").waitFor();
  await by("login-code").fill(await waitForCode(need("INBOX_URL"), client.mobile, asked));
  await shoot(page, outDir, "2-code");
  await by("login-submit").click();
  await by("positions-table").waitFor();
  await page.locator('[data-testid="connection-state"][data-state="live"]').waitFor();
  await shoot(page, outDir, "3-positions");
});

test("a reload asks for no code again, and nothing of the login is in the storage or within a script's reach", async () => {
  await page.reload();
  await by("positions-table").waitFor();
  await page.locator('[data-testid="connection-state"][data-state="live"]').waitFor();
  const reach = await page.evaluate(() => [document.cookie, Object.values(localStorage).join(), Object.values(sessionStorage).join()]);
  assert.deepEqual(reach, ["", "", ""]);
  const [cookie, ...others] = await browser.context.cookies(new URL("session/resume", pageUrl).href);
  assert.deepEqual([cookie.httpOnly, cookie.sameSite, cookie.path, others.length], [true, "Strict", "/session", 0]);
});

test("whoever logs out is asked for a code after a reload", async () => {
  const cookies = await browser.context.cookies(new URL("session/resume", pageUrl).href);
  await page.getByRole("button", { name: "Log out" }).click();
  await by("login-client-id").waitFor();
  await page.reload();
  await by("login-client-id").waitFor();

  // The session has ended: who kept its cookie is asked as well.
  await browser.context.addCookies(cookies);
  await page.reload();
  await by("login-client-id").waitFor();
  await logIn(page, client);
});

test("half of a position is closed, then the rest, and the page shows each without a reload", async () => {
  await page.evaluate(() => {
    window.sameDocument = true;
  });
  const { name, quantity } = await pick();
  const sign = Math.sign(quantity);

  await exit(name, 50);
  await shoot(page, outDir, "4-ticket");
  await by("exit-confirm").click();
  await waitForQuantity(name, `:not([data-quantity="${quantity}"])`, "After half of it was closed");
  await page.locator('[data-testid="exit-progress"][data-step="done"]').waitFor();
  await shoot(page, outDir, "5-half");
  await by("exit-close").click();

  const left = await quantityOf(name);
  assert.equal(Math.sign(left), sign, "The position did not change sides.");
  assert.ok(Math.abs(left) < Math.abs(quantity) && Math.abs(left) >= Math.floor(Math.abs(quantity) / 2), `Half of ${quantity} leaves about half, found ${left}.`);

  await exit(name, 100);
  await by("exit-confirm").click();
  await waitForQuantity(name, '[data-quantity="0"]', "After the rest was closed");
  await page.locator('[data-testid="exit-progress"][data-step="done"]').waitFor();
  await by("exit-close").click();
  await shoot(page, outDir, "6-flat");

  assert.equal(await by(`exit-open-${name}`).count(), 0, "A flat position has no exit.");
  assert.equal(await page.evaluate(() => window.sameDocument), true, "The page was not reloaded.");
});

test("everything is usable with a screen reader, a keyboard and weak eyes, in light and in dark", async () => {
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme });
    await assertAccessible(page, `the positions, ${colorScheme}`);
    // Rows change places with their prices, so the button is held by its own name.
    const opener = by(await page.locator("button.exit").first().getAttribute("data-testid"));
    await opener.focus();
    await page.keyboard.press("Enter");
    await readWarnings();
    await assertAccessible(page, `the ticket, ${colorScheme}`);
    await page.keyboard.press("Escape");
    await by("exit-confirm").waitFor({ state: "detached" });
    assert.ok(await opener.evaluate((button) => button === document.activeElement), "The focus comes back to where the ticket was opened.");
    await page.getByRole("link", { name: /^Orders/ }).click();
    await page.getByRole("heading", { name: "Orders" }).waitFor();
    await assertAccessible(page, `the orders, ${colorScheme}`);
    await page.getByRole("link", { name: /^Positions/ }).click();
    await by("positions-table").waitFor();
  }

  await page.emulateMedia({ colorScheme: "light" });
});

test("the orders are there with their proof from the exchange", async () => {
  await page.getByRole("link", { name: /^Orders/ }).click();
  const complete = page.locator('[data-testid^="order-row-"][data-status="COMPLETE"]');
  await complete.first().waitFor();
  assert.ok((await complete.count()) >= 2, "Both exits are in the list.");
  assert.match(await complete.first().locator(".proof").innerText(), /Exchange order\s*\S+[\s\S]*Trades\s*\S+/);
  await shoot(page, outDir, "7-orders");
  await page.getByRole("link", { name: /^Positions/ }).click();
});

test("on the narrowest phone nothing runs over the edge", async () => {
  await page.setViewportSize({ width: 320, height: 640 });
  const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.equal(over, 0);
  await page.screenshot({ path: `${outDir}/8-narrow-320.png`, animations: "disabled" });
  assert.deepEqual(faults, [], "The page itself never broke.");
});
