// The authenticator app, in a real browser: set up from the profile, enough for a login, needed beside the other code where that is chosen.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertAccessible, assertAccessibleInBoth } from "./axe.mjs";
import { shoot } from "./browser.mjs";
import { inboxOf, waitForCode } from "./inbox.mjs";
import { makeApp } from "./totp.mjs";
import { logIn, need, openPage, otherClient, outDir, until } from "./trader.mjs";

const client = otherClient(4);
let browser, page, faults, by;

before(async () => {
  ({ browser, page, faults, by } = await openPage());
  await logIn(page, client);
});

after(async () => {
  await browser?.close();
  assert.deepEqual(faults, [], "The page itself never broke.");
});

async function begin() {
  await by("profile-link").click();
  await by("authenticator-begin").click();
  await by("authenticator-qr").waitFor();
  const key = await by("authenticator-key").innerText();
  const uri = new URL(await page.locator('a[href^="otpauth:"]').getAttribute("href"));
  assert.equal(uri.searchParams.get("secret"), key.replaceAll(" ", ""), "The key by hand is the one that the link says.");
  return makeApp(key);
}

async function leave() {
  await page.getByRole("button", { name: "Log out" }).click();
  await by("login-client-id").fill(client.clientId);
}

const state = (both) => page.locator(`[data-testid="authenticator-state"][data-second-factor="${both}"]`).waitFor();

test("an app is set up with the QR code or the key, and its code alone logs in", async () => {
  const app = await begin();
  await by("authenticator-qr").evaluate((picture) => picture.decode());
  await by("authenticator-qr").scrollIntoViewIfNeeded();
  await by("authenticator-confirm").scrollIntoViewIfNeeded();
  await shoot(page, outDir, "91-authenticator");
  await assertAccessibleInBoth(page, "the app's set-up");

  await by("authenticator-code").fill("000000");
  await by("authenticator-confirm").click();
  await page.getByText(/That code is wrong\. \d tries are left\./).waitFor();
  await by("authenticator-code").fill(await app());
  await by("authenticator-confirm").click();
  await state(false);

  await leave();
  await by("login-app").click();
  await by("login-totp").fill(await app());
  await shoot(page, outDir, "92-login-by-app");
  await by("login-submit").click();
  await by("profile-link").waitFor();

  await by("profile-link").click();
  await by("authenticator-code").fill(await app());
  await by("authenticator-remove").click();
  await by("authenticator-begin").waitFor();
  await until(async () => {
    const texts = (await inboxOf(need("INBOX_URL"), client.mobile)).map(({ text }) => text);
    return ["was removed from", "was added to"].every((change) => texts.some((text) => text.includes(change))) && texts;
  }, "the client is told of both changes");
});

test("where two codes are chosen the page asks for the other one, whichever comes first", async () => {
  const app = await begin();
  await by("authenticator-second").check();
  await by("authenticator-code").fill(await app());
  await by("authenticator-confirm").click();
  await state(true);

  await leave();
  let asked = Date.now();
  await by("login-send").click();
  await by("login-code").fill(await waitForCode(need("INBOX_URL"), client.mobile, asked));
  await by("login-submit").click();
  await by("login-totp").fill(await app());
  await shoot(page, outDir, "93-two-codes");
  await assertAccessible(page, "the two codes");
  await by("login-submit").click();
  await by("profile-link").waitFor();

  await leave();
  asked = Date.now();
  await by("login-app").click();
  await by("login-totp").fill(await app());
  await by("login-submit").click();
  await by("login-code").fill(await waitForCode(need("INBOX_URL"), client.mobile, asked));
  await by("login-submit").click();
  await by("profile-link").waitFor();
});
