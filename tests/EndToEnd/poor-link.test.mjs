// The page on links that take less than everything, in a real browser: no WebSocket, no stream, no hub at all.
import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { assertAccessible } from "./axe.mjs";
import { shoot } from "./browser.mjs";
import { confirmExit, logIn, openPage, openPositions, otherClient, outDir } from "./trader.mjs";

let browser, page, faults, by;

beforeEach(async () => {
  ({ browser, page, faults, by } = await openPage());
});

afterEach(async () => {
  await browser?.close();
  assert.deepEqual(faults, [], "The page itself never broke.");
});

const state = (wanted) => page.locator(`[data-testid="connection-state"][data-state="${wanted}"]`).waitFor();
const without = (...names) => page.addInitScript((gone) => gone.forEach((name) => delete globalThis[name]), names);

test("without WebSockets the live line is a stream of the server's", async () => {
  await without("WebSocket");
  await logIn(page, otherClient(3));
  await state("live");
});

test("without streams either the live line is a question that waits", async () => {
  await without("WebSocket", "EventSource");
  await logIn(page, otherClient(3));
  await state("live");
});

test("a ticket that could not be fetched says so in its place, and comes when it can", async () => {
  const ticket = "**/assets/exit-parts-*.js";
  await page.route(ticket, (route) => route.abort());
  await logIn(page, otherClient(3));
  const [name] = await openPositions(page);
  await by(`exit-open-${name}`).click();
  const dialog = page.getByRole("dialog", { name: "Exit" });
  await dialog.getByRole("alert").filter({ hasText: "could not be fetched" }).waitFor();
  await shoot(page, outDir, "71-ticket-not-fetched");
  await assertAccessible(page, "a ticket that could not be fetched");

  await page.unroute(ticket);
  await dialog.getByRole("button", { name: "Try again" }).click();
  await by("exit-confirm").waitFor();
  await by("exit-close").click();
});

test("without the hub the page asks every few seconds, says so, and works; with it again it is live", async () => {
  await page.route("**/hub/**", (route) => route.abort());
  await logIn(page, otherClient(3));
  await state("polling");
  assert.match(await by("connection-state").innerText(), /asking every \d s/);
  assert.equal(await by("positions-table").getAttribute("data-fresh"), "true");
  await shoot(page, outDir, "70-polling");

  const [name] = await openPositions(page);
  await by(`pick-${name}`).check();
  await confirmExit(page, name);
  await page.locator('[data-testid="exit-progress"][data-step="done"]').waitFor();
  await by("exit-close").click();
  await page.locator(`[data-testid="quantity-${name}"][data-quantity="0"]`).waitFor();

  await page.unroute("**/hub/**");
  await state("live");
});
