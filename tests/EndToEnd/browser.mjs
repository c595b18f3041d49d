import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

/** The installed browser with a profile of its own, quiet, gone with `close`. */
export async function openBrowser() {
  const profile = mkdtempSync(join(tmpdir(), "page-test-"));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.CHROMIUM_PATH ?? "/usr/bin/chromium",
    headless: true,
    viewport: { width: 1280, height: 800 },
    locale: "en-IN",
    timezoneId: "Asia/Kolkata",
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"],
  });
  return {
    context,
    page: context.pages()[0] ?? (await context.newPage()),
    close: async () => {
      await context.close();
      rmSync(profile, { recursive: true, force: true });
    },
  };
}

function brokenNumbers() {
  const broken = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let text = texts.nextNode(); text !== null; text = texts.nextNode()) {
    for (const found of text.data.matchAll(/\d[\d,.:]*/g)) {
      const range = document.createRange();
      range.setStart(text, found.index);
      range.setEnd(text, found.index + found[0].length);
      if (new Set([...range.getClientRects()].map((line) => line.top)).size > 1) {
        broken.push(found[0]);
      }
    }
  }

  return broken;
}

/** No number is broken over two lines: half a price is another price. */
export async function assertNumbersWhole(page, where) {
  assert.deepEqual(await page.evaluate(brokenNumbers), [], `${where} breaks numbers`);
}

/** Pictures of what is on the page now, at the widths of a phone and a desk. */
export async function shoot(page, folder, name) {
  for (const [width, height] of [[390, 844], [1280, 800]]) {
    await page.setViewportSize({ width, height });
    // Two frames: the first lays out at the new width, the second has painted it.
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    await page.screenshot({ path: join(folder, `${name}-${width}.png`), animations: "disabled" });
    await assertNumbersWhole(page, `${name} at ${width} px`);
  }
}
