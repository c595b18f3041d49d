// How the page looks, in a real browser: both languages, light and dark, from the narrowest phone to a desk; nothing runs over an edge, all of it can be read.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertAccessible } from "./axe.mjs";
import { assertNumbersWhole } from "./browser.mjs";
import { logIn, need, openPage, otherClient, outDir } from "./trader.mjs";

const widths = [320, 360, 1280];
let browser, page, faults, by;

before(async () => {
  ({ browser, page, faults, by } = await openPage());
  await logIn(page, otherClient(3));
});

after(() => browser?.close());

const worn = () => page.evaluate(() => document.documentElement.dataset.theme);
const go = async (part, ready) => {
  await page.goto(`${need("PAGE_URL")}#/${part}`);
  await ready();
};

/** What is on the page now at every width: within its edges, no number broken, and kept as a picture. */
async function assertFits(where) {
  for (const width of widths) {
    await page.setViewportSize({ width, height: width > 600 ? 800 : 700 });
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    const over = await page.evaluate(() => [document.documentElement, ...document.querySelectorAll("dialog")].map((box) => box.scrollWidth - box.clientWidth));
    await page.screenshot({ path: `${outDir}/${where}-${width}.png`, animations: "disabled" });
    assert.ok(over.every((pixels) => pixels === 0), `${where} at ${width} px runs over by ${over}`);
    await assertNumbersWhole(page, `${where} at ${width} px`);
  }
}

const views = [
  ["positions", () => go("positions", () => by("positions-table").waitFor())],
  ["groups", async () => {
    await by("view-grouping").selectOption("expiry", { force: true });
    await page.locator('[data-testid^="group-"]').first().waitFor();
  }],
  ["ticket", async () => {
    await page.locator("button.exit").first().click();
    await page.locator('[data-testid="exit-confirm"]:enabled, [data-testid="exit-understood"]').first().waitFor();
  }],
  ["several", async () => {
    await by("exit-close").click();
    await by("exit-all").click();
    await page.locator('[data-testid="lines-first"] li').first().waitFor();
  }],
  ["notices", async () => {
    await by("exit-close").click();
    await by("notices-open").click();
    await page.locator("dialog .empty").waitFor();
  }],
  ["orders", async () => {
    await by("notices-close").click();
    await go("orders", () => page.locator("#orders-title").waitFor());
  }],
  ["profile", () => go("profile", () => by("profile").waitFor())],
];

for (const language of ["en", "hi"]) {
  test(`every view fits and can be read, light and dark, in ${language}`, async () => {
    await page.setViewportSize({ width: 1280, height: 800 });
    if (language === "hi") {
      await by("language-switch").click();
      await page.locator('html[lang="hi-IN"]').waitFor();
    }

    for (const [name, open] of views) {
      await page.setViewportSize({ width: 1280, height: 800 });
      await open();
      for (const colorScheme of ["light", "dark"]) {
        await page.emulateMedia({ colorScheme });
        await page.locator(`html[data-theme="${colorScheme}"]`).waitFor();
        await assertFits(`50-${name}-${language}-${colorScheme}`);
        await assertAccessible(page, `${name} in ${language}, ${colorScheme}`);
      }
    }
  });
}

test("a chosen look stays whatever the device prefers, until the device is followed again", async () => {
  await page.emulateMedia({ colorScheme: "light" });
  await by("theme").selectOption("dark");
  assert.equal(await worn(), "dark");
  await page.emulateMedia({ colorScheme: "dark" });
  await by("theme").selectOption("light");
  assert.equal(await worn(), "light");
  await by("theme").selectOption("auto");
  assert.equal(await worn(), "dark");
  assert.deepEqual(await page.evaluate(() => Object.keys(localStorage)), ["language"], "A look is not kept.");
  assert.deepEqual(faults, [], "The page itself never broke.");
});
