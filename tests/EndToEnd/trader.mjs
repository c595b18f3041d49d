import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { openBrowser } from "./browser.mjs";
import { waitForCode } from "./inbox.mjs";

export const need = (name) => process.env[name] ?? assert.fail(`The environment variable ${name} is missing; README.md tells what it is for.`);
export const outDir = need("OUT_DIR");
export const waitMs = Number(process.env.WAIT_MS ?? 20_000);

/** One of OTHER_CLIENTS by its place; each test file has its own, whose positions it may use up. */
export function otherClient(place) {
  const [clientId, mobile] = need("OTHER_CLIENTS").split(" ")[place]?.split("=") ?? assert.fail(`OTHER_CLIENTS has no client ${place}.`);
  return { clientId, mobile };
}

/** A browser on the page; `faults` fills with what breaks in it. */
export async function openPage() {
  mkdirSync(outDir, { recursive: true });
  const browser = await openBrowser();
  const { page } = browser;
  const faults = [];
  page.setDefaultTimeout(waitMs);
  page.on("pageerror", (error) => faults.push(error.message));
  page.on("console", (message) => {
    if (/Content Security Policy/.test(message.text())) {
      faults.push(message.text());
    }
  });
  return { browser, page, faults, by: (id) => page.getByTestId(id) };
}

/** Logs in with the code that is sent, up to the positions. */
export async function logIn(page, { clientId, mobile }, url = need("PAGE_URL")) {
  await page.goto(url);
  await page.getByTestId("login-client-id").fill(clientId);
  const asked = Date.now();
  await page.getByTestId("login-send").click();
  await page.getByTestId("login-code").fill(await waitForCode(need("INBOX_URL"), mobile, asked));
  await page.getByTestId("login-submit").click();
  await page.getByTestId("positions-table").waitFor();
  await page.locator('[data-testid="connection-state"]:is([data-state="live"], [data-state="polling"])').waitFor();
}

/** What is found, as soon as there is something. */
export async function until(found, what) {
  for (const deadline = Date.now() + waitMs; Date.now() < deadline; await pause(50)) {
    const value = await found();
    if (value) {
      return value;
    }
  }

  assert.fail(`It did not come to this in ${waitMs} ms: ${what}`);
}

/** Tells the exchange's simulator how to behave. */
export async function tellExchange(what, wish) {
  const answer = await fetch(new URL(`control/${what}`, need("INBOX_URL")), {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(wish),
  });
  assert.ok(answer.ok, `${what} ${JSON.stringify(wish)}: ${answer.status} ${await answer.text()}`);
}

/** Holds a button down with the mouse, or with a key, for as long as it wants to be held. */
export async function hold(page, button, key) {
  await page.locator(`[data-testid="${button}"]:enabled`).waitFor();
  const target = page.getByTestId(button);
  if (key === undefined) {
    // Scrolled to by the browser, then pressed where it is.
    await target.hover();
    await page.mouse.down();
  } else {
    await target.focus();
    await page.keyboard.down(key);
  }

  await page.locator(`[data-testid="${button}"][data-holding="true"]`).waitFor();
  await page.locator(`[data-testid="${button}"][data-holding="true"]`).waitFor({ state: "detached" });
  await (key === undefined ? page.mouse.up() : page.keyboard.up(key));
}

/** The names of the positions that are open, from top to bottom: `SYMBOL-PRODUCT`. */
export const openPositions = (page) =>
  page.locator('[data-testid^="position-row-"]:not([data-side="flat"])').evaluateAll((rows) => rows.map((row) => row.dataset.testid.replace("position-row-", "")));

/** Confirms the exit of a position as soon as the server has shown what it would do; what has to be understood first is. */
export async function confirmExit(page, name) {
  await page.getByTestId(`exit-open-${name}`).click();
  await page.locator('[data-testid="exit-confirm"]:enabled, [data-testid="exit-understood"]').first().waitFor();
  if (await page.getByTestId("exit-understood").count()) {
    await page.getByTestId("exit-understood").check();
  }

  await page.locator('[data-testid="exit-confirm"]:enabled').click();
}
