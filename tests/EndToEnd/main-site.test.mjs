// What an operator says of the main site with the real pbm, on an open page in a real browser: it appears without a reload, and nothing is blocked by it.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { assertAccessible } from "./axe.mjs";
import { shoot } from "./browser.mjs";
import { confirmExit, logIn, need, openPage, openPositions, otherClient, outDir } from "./trader.mjs";

const restartMs = 90_000;
const [pbm, ...pbmOptions] = need("PBM_CMD").split(" ");
const notice = async (...words) => JSON.parse((await promisify(execFile)(pbm, ["notice", ...words, "--json", ...pbmOptions])).stdout);
const set = (state, ...words) => notice(state, "--by", "amol", "--reason", "a walk of the page", ...words);
let browser, page, faults, by;

before(async () => {
  ({ browser, page, faults, by } = await openPage());
});

after(async () => {
  await set("backup");
  await browser?.close();
  assert.deepEqual(faults, [], "The page itself never broke.");
});

const status = async () => (await (await fetch(new URL("status", need("PAGE_URL")))).json()).data;
const isBack = (words) => page.locator('[data-testid="main-site-notice"][data-state="main_site_back"]').filter({ hasText: words }).waitFor();

/** Within the edges from the narrowest phone to a desk. */
async function assertFits(where) {
  for (const [width, height] of [[320, 700], [390, 844], [1280, 800]]) {
    await page.setViewportSize({ width, height });
    await page.evaluate(() => {
      scrollTo(0, 0);
      return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    });
    await page.screenshot({ path: `${outDir}/${where}-${width}.png`, animations: "disabled" });
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), 0, `${where} at ${width} px runs over`);
  }
}

test("at the login the page says since when the main site is down, as the operator says it, without a reload", async () => {
  await set("backup");
  await page.goto(need("PAGE_URL"));
  await by("login-client-id").waitFor();
  assert.doesNotMatch(await page.locator(".truth-mode").innerText(), /since/, "Nobody has said since when.");

  await set("backup", "--since", new Date(Date.now() - 60_000).toISOString(), "--text", "Our engineers are at work on the main site.");
  await page.locator(".truth-mode").filter({ hasText: /^Backup mode: exits and cancels only\. Main site down since (\d\d? \w+ \d{4}, )?\d\d:\d\d\.$/ }).waitFor();
  await page.getByText("Our engineers are at work on the main site.").waitFor();
  await assertFits("60-main-site-down-login");
  await assertAccessible(page, "the login while the main site is down");
});

test("a wrong address is refused in words, and the page goes on saying what it said", async () => {
  const refused = await set("main-site-back", "--address", "http://trade.example.com/").then(() => assert.fail("It was taken."), (error) => error);
  assert.match(refused.stderr, /--address: found "http:\/\/trade\.example\.com\/", expected one like https:/);
  assert.equal(refused.code, 1);
  assert.equal((await status()).notice.state, "backup");
});

test("when the main site is back the open page says so and leads there, and what runs here can still be exited", async () => {
  await logIn(page, otherClient(3));
  await page.evaluate(() => {
    window.sameDocument = true;
  });
  const address = "https://trade.example.com/login";
  await set("main-site-back", "--address", address, "--text", "Log in there with your usual password.");
  const saidAt = Date.now();
  while ((await status()).notice.state !== "main_site_back") {
    assert.ok(Date.now() - saidAt < 2000, "The node says it within two seconds.");
  }

  await isBack(/The main site is back\. Go to trade\.example\.com/);
  await isBack(/You can exit and cancel here until the day is handed back\..*Nothing has been moved\./s);
  assert.equal(await page.locator(".truth-mode").innerText(), "Backup mode: exits and cancels only.", "It is down since no time any more.");
  const link = by("main-site-link");
  assert.deepEqual([await link.getAttribute("href"), await link.getAttribute("target"), await link.getAttribute("rel")], [address, "_blank", "noopener noreferrer"]);
  await assertFits("61-main-site-back");
  await assertAccessible(page, "the positions while the main site is back");

  const [name] = await openPositions(page);
  await confirmExit(page, name);
  await page.locator('[data-testid="exit-progress"][data-step="done"]').waitFor();
  await shoot(page, outDir, "62-exit-while-main-site-back");
  await by("exit-close").click();
  await page.locator(`[data-testid="quantity-${name}"][data-quantity="0"]`).waitFor();
  assert.equal(await page.evaluate(() => window.sameDocument), true);
});

test("it is in Hindi, light and dark, and the operator's own words are marked as his", async () => {
  await by("language-switch").click();
  await isBack(/मुख्य साइट फिर से चालू है।/);
  assert.equal(await page.locator('[data-testid="main-site-notice"] q').getAttribute("lang"), "en");
  for (const colorScheme of ["dark", "light"]) {
    await page.emulateMedia({ colorScheme });
    await page.locator(`html[data-theme="${colorScheme}"]`).waitFor();
    await assertFits(`63-main-site-back-hindi-${colorScheme}`);
    await assertAccessible(page, `the positions in Hindi, ${colorScheme}`);
  }

  await by("language-switch").click();
});

test("a node that was killed says it again when it is back", async () => {
  await promisify(execFile)("/bin/sh", ["-c", need("KILL_NODE_CMD")]);
  await page.locator('[data-testid="connection-state"]:is([data-state="reconnecting"], [data-state="stale"], [data-state="offline"])').waitFor();
  await page.locator('[data-testid="connection-state"][data-state="live"]').waitFor({ timeout: restartMs });

  assert.equal((await status()).notice.state, "main_site_back");
  const { shown, newest } = await notice("show");
  assert.deepEqual([shown.state, shown.by, shown.reason], ["main_site_back", "amol", "a walk of the page"]);
  assert.deepEqual(newest.map(({ state }) => state), ["main_site_back", "backup", "backup"]);
});

test("when the main site is down again the banner goes", async () => {
  await set("backup");
  await by("main-site-notice").waitFor({ state: "detached" });
  assert.equal(await page.locator(".truth-mode").innerText(), "Backup mode: exits and cancels only.");
});
