// What rests of an exit while the market walks away, in a real browser: seen, and moved to the market.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertAccessible } from "./axe.mjs";
import { shoot } from "./browser.mjs";
import { confirmExit, logIn, openPage, otherClient, outDir, tellExchange, until } from "./trader.mjs";

const name = "NIFTY30DEC25100PE-NRML";
let browser, page, faults, by;

before(async () => {
  ({ browser, page, faults, by } = await openPage());
  await logIn(page, otherClient(1));
});

after(async () => {
  await tellExchange("liquidity", { mode: "full" });
  await browser?.close();
});

/** The instrument's token and its last price in paise, as the page's own server tells them. */
async function marketOf(symbol) {
  const row = await page.evaluate(async (wanted) => {
    const renewed = await (await fetch("session/resume", { method: "POST" })).json();
    const answer = await (await fetch("portfolio/positions", { headers: { Authorization: `Bearer ${renewed.data.access_token}` } })).json();
    return answer.data.net.find((one) => one.tradingsymbol === wanted);
  }, symbol);
  // Kite's instrument token holds the exchange's own above its last eight bits.
  return { token: row.instrument_token >> 8, paise: Math.round(row.last_price * 100) };
}

test("a rest that the market has left is shown with both prices, and trades after it is moved", async () => {
  await tellExchange("liquidity", { mode: "partial", segment: "fo" });
  await confirmExit(page, name);
  const card = by(`residual-${name}`);
  await by("exit-progress").waitFor();
  await by("exit-close").click();
  await card.waitFor();

  // Far above the limit of a bought-back short, so that a price nearer to the market is offered.
  const { token, paise } = await marketOf("NIFTY30DEC25100PE");
  await tellExchange("price", { token, segment: "fo", ltp: Math.round((paise * 1.15) / 5) * 5 });
  const button = by(`reprice-${name}`).first();
  const offered = async () => Number((await button.innerText()).match(/[\d,]+\.\d\d/)[0].replaceAll(",", "")) * 100;

  // Prices move by themselves too: an offer may be there already that is meant for the old market.
  await button.waitFor();
  await until(async () => (await offered()) > paise * 1.15, "an offer from the new price");
  assert.match(await card.innerText(), /[\d,]+ of 5,850 exited\. The rest waits at [\d,.]+\. Last price [\d,.]+\./);
  await shoot(page, outDir, "20-residual");
  await assertAccessible(page, "what rests");
  await tellExchange("liquidity", { mode: "full", segment: "fo" });
  await button.click();
  await page.locator(`[data-testid="quantity-${name}"][data-quantity="0"]`).waitFor();
  await card.waitFor({ state: "detached" });
  assert.deepEqual(faults, [], "The page itself never broke.");
});
