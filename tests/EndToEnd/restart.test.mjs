// The node is killed in the middle of an exit, in a real browser: the page waits, comes back, and the exit is finished once.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { shoot } from "./browser.mjs";
import { confirmExit, logIn, need, openPage, openPositions, otherClient, outDir, tellExchange } from "./trader.mjs";

const restartMs = 90_000;
let browser, page, faults, by;

before(async () => {
  ({ browser, page, faults, by } = await openPage());
  await logIn(page, otherClient(6));
});

after(async () => {
  await tellExchange("hold", { on: false });
  await browser?.close();
  assert.deepEqual(faults, [], "The page itself never broke.");
});

test("an exit that the node's death interrupts is finished after it, and not twice", async () => {
  const [name] = await openPositions(page);
  const quantity = Math.abs(Number(await by(`quantity-${name}`).getAttribute("data-quantity")));
  await tellExchange("hold", { on: true });
  await confirmExit(page, name);
  await by("exit-progress").waitFor();
  assert.notEqual(await by("exit-progress").getAttribute("data-step"), "done", "The exchange has not answered yet.");
  await promisify(execFile)("/bin/sh", ["-c", need("KILL_NODE_CMD")]);
  await page.locator('[data-testid="connection-state"]:is([data-state="reconnecting"], [data-state="stale"], [data-state="offline"])').waitFor();
  await shoot(page, outDir, "97-node-killed");
  await tellExchange("hold", { on: false });

  await page.locator('[data-testid="connection-state"][data-state="live"]').waitFor({ timeout: restartMs });
  await page.locator('[data-testid="exit-progress"][data-step="done"]').waitFor({ timeout: restartMs });
  await by("exit-close").click();
  await page.locator(`[data-testid="quantity-${name}"][data-quantity="0"]`).waitFor();
  assert.equal(await by("login-client-id").count(), 0, "Nobody was asked to log in again.");

  const symbol = name.slice(0, name.lastIndexOf("-"));
  await page.getByRole("link", { name: /^Orders/ }).click();
  const rows = page.locator('[data-testid^="order-row-"]').filter({ hasText: symbol });
  await rows.first().waitFor();
  const filled = await rows.locator(".order-line").evaluateAll((lines) => lines.map((line) => Number(/([\d,]+) of [\d,]+/.exec(line.textContent)[1].replaceAll(",", ""))));
  assert.equal(filled.reduce((sum, one) => sum + one, 0), quantity, `What its orders traded is what was held, once: ${filled}`);
});
