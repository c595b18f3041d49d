// The page in Hindi, in a real browser: chosen before the login, remembered, and all that English has.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertAccessible } from "./axe.mjs";
import { shoot } from "./browser.mjs";
import { logIn, need, openPage, otherClient, outDir } from "./trader.mjs";

let browser, page, faults, by;

before(async () => {
  ({ browser, page, faults, by } = await openPage());
});

after(() => browser?.close());

const language = () => page.evaluate(() => [document.documentElement.lang, Object.entries(localStorage).join(";"), document.cookie]);

test("Hindi is chosen at the login and remembered, and nothing else is kept", async () => {
  await page.goto(need("PAGE_URL"));
  await by("login-client-id").waitFor();
  assert.deepEqual(await language(), ["en-IN", "", ""]);
  await by("language-switch").click();
  await page.getByText("बैकअप में लॉग इन करें").waitFor();
  await shoot(page, outDir, "40-login-hindi");
  await assertAccessible(page, "the login in Hindi");
  await logIn(page, otherClient(3));
  await page.getByRole("heading", { name: "पोज़ीशन" }).waitFor();
  assert.deepEqual(await language(), ["hi-IN", "language,hi", ""]);
  assert.equal(await page.title(), "बैकअप ट्रेडिंग");
  await shoot(page, outDir, "41-positions-hindi");
});

test("the exit and the orders are in Hindi, with the server's own words marked as English", async () => {
  await page.locator("button.exit").first().click();
  await page.locator('[data-testid="exit-confirm"]:enabled, [data-testid="exit-understood"]').first().waitFor();
  await page.getByText("सबसे ख़राब भाव", { exact: false }).waitFor();
  await shoot(page, outDir, "42-ticket-hindi");
  await assertAccessible(page, "the ticket in Hindi");
  await by("exit-close").click();
  await by("exit-all").click();
  await by("many-confirm").waitFor();
  await page.locator('[data-testid="lines-first"] li').first().waitFor();
  await shoot(page, outDir, "43-many-hindi");
  await assertAccessible(page, "the exit of several in Hindi");
  await by("exit-close").click();
  await page.getByRole("link", { name: /^ऑर्डर/ }).click();
  await page.getByRole("heading", { name: "ऑर्डर" }).waitFor();
  await assertAccessible(page, "the orders in Hindi");
  await by("profile-link").click();
  await by("login-row").first().waitFor();
  await by("authenticator-begin").click();
  await by("authenticator-qr").waitFor();
  await by("authenticator-confirm").scrollIntoViewIfNeeded();
  await shoot(page, outDir, "44-profile-hindi");
  await assertAccessible(page, "the profile in Hindi");
});

test("the language changes under an open page, which goes on as it was", async () => {
  await page.evaluate(() => {
    window.sameDocument = true;
  });
  await page.getByRole("link", { name: /^पोज़ीशन/ }).click();
  await by("language-switch").click();
  await page.getByRole("heading", { name: "Positions" }).waitFor();
  await page.getByRole("button", { name: /^Exit / }).first().waitFor();
  assert.equal(await page.evaluate(() => window.sameDocument), true);
  assert.deepEqual(await language(), ["en-IN", "language,en", ""]);
  assert.deepEqual(faults, [], "The page itself never broke.");
});
