// A network that breaks under an open page, in a real browser: what happened meanwhile comes by its number, and nothing is sent twice.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { waitForCode } from "./inbox.mjs";
import { countKinds, layNetwork } from "./link.mjs";
import { logIn, need, openPage, openPositions, otherClient } from "./trader.mjs";

const client = otherClient(6);
let browser, page, faults, by, network;

before(async () => {
  network = await layNetwork(need("PAGE_URL"));
  ({ browser, page, faults, by } = await openPage());
});

after(async () => {
  await browser?.close();
  network?.close();
  assert.deepEqual(faults, [], "The page itself never broke.");
});

/** Another device of the same client, with a way of its own to the server. */
async function ask(method, path, body, token) {
  const answer = await fetch(new URL(path, need("PAGE_URL")), {
    method,
    headers: { "Content-Type": "application/json", ...(token === undefined ? {} : { Authorization: `Bearer ${token}`, "Idempotency-Key": `cut-${Date.now()}` }) },
    body: JSON.stringify(body),
  });
  const told = await answer.json();
  assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${told.message}`);
  return told.data;
}

async function tokenOfAnother() {
  const asked = Date.now();
  await ask("POST", "session/otp", { client_id: client.clientId });
  const code = await waitForCode(need("INBOX_URL"), client.mobile, asked);
  return (await ask("POST", "session/token", { client_id: client.clientId, code })).access_token;
}

test("what happened during a cut is resumed by its number, without a snapshot", async () => {
  const kinds = countKinds(page);
  await logIn(page, client, network.url);
  const [name] = await openPositions(page);
  const cut = name.lastIndexOf("-");
  const token = await tokenOfAnother();
  const quantity = Number(await by(`quantity-${name}`).getAttribute("data-quantity"));
  assert.equal(kinds.of("snapshot"), 1);
  const [deltas, lines] = [kinds.of("delta"), kinds.lines()];

  network.cut();
  await page.locator('[data-testid="connection-state"]:not([data-state="live"])').waitFor();
  await ask("POST", "exits", { exchange: "NFO", tradingsymbol: name.slice(0, cut), product: name.slice(cut + 1), mode: "full", confirm: [] }, token);
  assert.equal(Number(await by(`quantity-${name}`).getAttribute("data-quantity")), quantity, "Nothing is known here of what happens beyond the cut.");
  network.mend();

  await page.locator(`[data-testid="quantity-${name}"][data-quantity="0"]`).waitFor();
  await page.locator('[data-testid="connection-state"][data-state="live"]').waitFor();
  assert.ok(kinds.lines() > lines, "A new line was opened.");
  assert.equal(kinds.of("snapshot"), 1, "It did not begin anew.");
  assert.ok(kinds.of("delta") > deltas, "What was missed came as a change.");
});
