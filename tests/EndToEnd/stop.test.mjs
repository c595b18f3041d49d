// The end of the node under an open page, in a real browser. The runner takes the files by name, so this one is the last.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { shoot } from "./browser.mjs";
import { logIn, need, openPage, outDir } from "./trader.mjs";

const stopNode = need("STOP_NODE_CMD");
let browser, page, faults, by;

before(async () => {
  ({ browser, page, faults, by } = await openPage());
  await logIn(page, { clientId: need("CLIENT_ID"), mobile: need("CLIENT_MOBILE") });
});

after(() => browser?.close());

test("when the node is stopped the page says so and shows no number as live", async () => {
  await promisify(execFile)("/bin/sh", ["-c", stopNode]);
  await page.locator('[data-testid="connection-state"]:not([data-state="live"])').waitFor();
  await page.locator('[data-testid="connection-state"]:is([data-state="offline"], [data-state="stale"])').waitFor();
  assert.match(await by("connection-state").innerText(), /cannot be reached|numbers are old/);
  assert.equal(await by("positions-table").getAttribute("data-fresh"), "false", "The numbers are greyed.");
  await page.locator('.truth-age[data-fresh="false"]').waitFor();
  await shoot(page, outDir, "9-node-stopped");
  assert.deepEqual(faults, [], "The page itself never broke.");
});
