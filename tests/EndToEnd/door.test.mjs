// The door of the page, in a real browser: by the PAN, and while more people come than it lets in.
import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { assertAccessibleInBoth } from "./axe.mjs";
import { shoot } from "./browser.mjs";
import { waitForCode } from "./inbox.mjs";
import { logIn, need, openPage, outDir, until } from "./trader.mjs";

const mobile = need("CLIENT_MOBILE");
let browser, page, faults, by;
let disperse = () => undefined;

beforeEach(async () => {
  ({ browser, page, faults, by } = await openPage());
});

afterEach(async () => {
  await disperse();
  await browser?.close();
  assert.deepEqual(faults, [], "The page itself never broke.");
});

test("a client may name himself by his PAN", async () => {
  await logIn(page, { clientId: need("CLIENT_PAN"), mobile });
  assert.match(await by("profile-link").innerText(), new RegExp(need("CLIENT_ID")));
});

/**
 * Strangers who ask for codes until it is enough: some hundred a second, where the node lets in 50 and has as many waiting as the drill says. They share this machine's
 * address with the walks that follow: more of them would use up what one address may ask for in a minute.
 */
function crowd() {
  let isEnough = false;
  const one = async (number) => {
    for (let round = 0; !isEnough; round++) {
      const answer = await fetch(new URL("session/otp", need("PAGE_URL")), {
        method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ client_id: `S${number}R${round}` }),
      });
      await answer.arrayBuffer();
      // Those who are sent away fill each place that becomes free.
      await pause(50 + Math.random() * 100);
    }
  };
  const all = Promise.all(Array.from({ length: 60 }, (_, number) => one(number)));
  return async () => {
    isEnough = true;
    await all;
  };
}

/** Once the door has told the page to wait, it is told the same again until one has looked at the note. Gives what lets it ask the door itself again. */
async function keepToldToWait(page) {
  let refusal = null;
  let isLookedAt = false;
  await page.route("**/session/otp", async (route) => {
    const response = isLookedAt || refusal === null ? await route.fetch() : refusal;
    if (response.headers()["retry-after"] !== undefined) {
      refusal = response;
    }

    await route.fulfill({ response });
  });
  return () => {
    isLookedAt = true;
  };
}

test("when the door is full the page says how many are before one, and comes in by itself", async () => {
  await page.goto(need("PAGE_URL"));
  await by("login-client-id").fill(need("CLIENT_ID"));
  const asked = Date.now();
  const letAskAgain = await keepToldToWait(page);
  disperse = crowd();
  await pause(500);
  // Luck may let one in at once; then he comes again.
  const answered = page.locator('[data-testid="login-waiting"], [data-testid="login-code"]');
  for (let round = 0; round < 5 && (await by("login-waiting").count()) === 0; round++) {
    if (await by("login-code").count()) {
      await page.getByRole("button", { name: "Use another client ID or PAN" }).click();
      await by("login-client-id").fill(need("CLIENT_ID"));
    }

    await by("login-send").click();
    await answered.first().waitFor();
  }

  await by("login-waiting").waitFor();
  // Between two looks the note says for a moment that it is asking.
  const waits = /about [\d,]+ are before you[\s\S]*tries again by itself in \d+ s/;
  await until(async () => waits.test(await by("login-waiting").innerText()), "who is before one, and when the page asks again");
  await disperse();
  await shoot(page, outDir, "80-door-full");
  await assertAccessibleInBoth(page, "the full door");

  letAskAgain();
  await by("login-code").waitFor({ timeout: 90_000 });
  await by("login-code").fill(await waitForCode(need("INBOX_URL"), mobile, asked));
  await by("login-submit").click();
  await by("positions-table").waitFor();
});
