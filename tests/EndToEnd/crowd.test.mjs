// An account of a thousand positions, in a real browser. The page and its login are real; the positions are made here, and come by polling.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertAccessible } from "./axe.mjs";
import { logIn, need, openPage, otherClient, outDir } from "./trader.mjs";

const count = 1000;
const positions = Array.from({ length: count }, (_, index) => ({
  tradingsymbol: `MADE${String(index).padStart(4, "0")}`, exchange: index % 2 ? "NSE" : "NFO", product: index % 3 ? "NRML" : "MIS", underlying: `U${index % 40}`,
  expiry: index % 2 ? null : "2030-12-31", quantity: index % 5 ? 100 : -100, average_price: 100, last_price: 100 + (index % 7), pnl: index - 500,
  closable_quantity: 100, pending_exit_quantity: 0, blocking_order_ids: [], lot_size: 1, source: "made", age_ms: 0, as_of: "2030-01-01T05:00:00Z", confidence: "confirmed",
}));

/** Elements in the document at most, whatever the account holds; an account of seven positions has some 350. */
const elementsMax = 1500;
let browser, page, faults, by;
const rows = () => page.locator('[data-testid^="position-row-"]');
const elements = () => page.evaluate(() => document.querySelectorAll("*").length);

before(async () => {
  ({ browser, page, faults, by } = await openPage());
  await logIn(page, otherClient(3));
  await page.route("**/hub/**", (route) => route.abort());
  await page.route("**/portfolio/positions", (route) => route.fulfill({ json: { status: "success", data: { net: positions, day: [] } } }));
  await page.goto("about:blank");
  await page.goto(need("PAGE_URL"));
  await page.locator(`[data-testid="positions-table"][aria-rowcount="${count + 1}"]`).waitFor();
});

after(() => browser?.close());

for (const [width, height] of [[1280, 800], [360, 740]]) {
  test(`only what is in sight of ${count} rows is in the document, and all of it can be scrolled to, at ${width} px`, async () => {
    await page.setViewportSize({ width, height });
    await page.evaluate(() => scrollTo(0, 0));
    await by("position-row-MADE0000-MIS").waitFor();
    assert.ok((await rows().count()) < 60, `${await rows().count()} rows`);
    assert.ok((await elements()) < elementsMax, `${await elements()} elements`);
    await page.screenshot({ path: `${outDir}/60-crowd-top-${width}.png` });

    // Rows are measured as they come into sight, so the end moves a little while it is walked to.
    const last = by("position-row-MADE0999-MIS");
    for (let step = 0; step < 40 && !(await last.count()); step++) {
      await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
      await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    }

    await last.waitFor();
    assert.equal(await last.getAttribute("aria-rowindex"), String(count + 1));
    assert.ok((await elements()) < elementsMax, `${await elements()} elements at the end`);
    await page.screenshot({ path: `${outDir}/61-crowd-end-${width}.png` });
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), 0);
    await assertAccessible(page, `a thousand positions at ${width} px`);
  });
}

test("a thousand are chosen, grouped and filtered as a few are", async () => {
  await page.setViewportSize({ width: 1280, height: 800 });
  await by("select-all").click();
  assert.match(await by("exit-selected").innerText(), /1000/);
  await by("view-grouping").selectOption("underlying");
  await page.locator(`[data-testid="positions-table"][aria-rowcount="${count + 41}"]`).waitFor();
  assert.ok((await elements()) < elementsMax, `${await elements()} elements in groups`);
  await by("view-side").selectOption("short");
  await page.locator('[data-testid="positions-table"][aria-rowcount="209"]').waitFor();
  assert.match(await by("exit-all").innerText(), /200/);
  assert.deepEqual(faults, [], "The page itself never broke.");
});
