// How long a login lasts, in a real browser: renewed under an open page, and ended from another device.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertAccessibleInBoth } from "./axe.mjs";
import { shoot } from "./browser.mjs";
import { countKinds } from "./link.mjs";
import { logIn, openPage, otherClient, outDir } from "./trader.mjs";

const client = otherClient(5);
let here, there;

before(async () => {
  here = await openPage();
  there = await openPage();
});

after(async () => {
  await here?.browser.close();
  await there?.browser.close();
  assert.deepEqual([here.faults, there.faults], [[], []], "The pages themselves never broke.");
});

test("the page renews its login before the token ends, and the live line goes on where it was", async () => {
  const kinds = countKinds(here.page);
  await logIn(here.page, client);
  const lines = kinds.lines();
  const renewed = await here.page.waitForResponse((answer) => answer.url().endsWith("/session/renew"), { timeout: 60_000 });
  assert.equal(renewed.status(), 200);
  // The line of the former token ends with it; the next one begins with what came after.
  await kinds.next(lines, 60_000);
  await here.page.locator('[data-testid="connection-state"][data-state="live"]').waitFor();
  assert.equal(kinds.of("snapshot"), 1, "The new line was resumed, not begun anew.");
  assert.equal(await here.by("login-client-id").count(), 0, "Nobody was asked to log in.");
});

test("a login that is ended from another device shows the door there, and says why", async () => {
  await logIn(there.page, client);
  await here.by("profile-link").click();
  await here.page.locator('[data-testid="login-row"][data-current="false"]').waitFor();
  assert.equal(await here.by("login-row").count(), 2);
  await here.by("logins-end-others").scrollIntoViewIfNeeded();
  await shoot(here.page, outDir, "90-logins");
  await assertAccessibleInBoth(here.page, "the logins");

  await here.by("logins-end-others").click();
  await there.by("login-reason").waitFor();
  assert.match(await there.by("login-reason").innerText(), /ended from another device/);
  await shoot(there.page, outDir, "90-ended");
  await here.page.getByText("1 login has been ended.").waitFor();
  await here.page.locator('[data-testid="login-row"][data-current="false"]').waitFor({ state: "detached" });
  assert.equal(await here.by("login-client-id").count(), 0, "The device that asked stays in.");
});
