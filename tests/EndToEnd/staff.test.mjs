// The assisted desk, in a real browser: its own door, a client's account with the reference of his call, what is recorded of it, and nothing without one.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { after, before, test } from "node:test";
import { assertAccessibleInBoth } from "./axe.mjs";
import { shoot } from "./browser.mjs";
import { makeApp } from "./totp.mjs";
import { confirmExit, need, openPage, openPositions, otherClient, outDir, until } from "./trader.mjs";

const caller = otherClient(8);
const other = otherClient(3);
const password = "tea at half past nine";
const [pbm, ...pbmOptions] = need("PBM_CMD").split(" ");
let browser, page, faults, by;

function runPbm(input, ...command) {
  const { status, stdout, stderr } = spawnSync(pbm, [...pbmOptions, ...command], { encoding: "utf8", input });
  assert.equal(status, 0, `pbm ${command.join(" ")}: ${stderr}`);
  return stdout;
}

before(async () => {
  runPbm(`${password}\n`, "staff", "add", "asha", "--role", "assisted-desk");
  runPbm(`${password}\n`, "staff", "add", "bela", "--role", "auditor");
  ({ browser, page, faults, by } = await openPage());
  await page.goto(need("PAGE_URL"));
  await by("staff-link").click();
});

after(async () => {
  await browser?.close();
  assert.deepEqual(faults, [], "The page itself never broke.");
});

async function logInAs(name, word = password) {
  await by("staff-name").fill(name);
  await by("staff-password").fill(word);
  await by("staff-submit").click();
}

const leave = () => page.getByRole("button", { name: "Log out" }).click();

async function open({ clientId }, evidence) {
  await by("staff-client").fill(clientId);
  await by("staff-evidence").fill(evidence);
  await by("staff-open").click();
}

const alert = (words) => page.getByRole("alert").filter({ hasText: words }).waitFor();

async function look(name) {
  await shoot(page, outDir, name);
  await page.setViewportSize({ width: 320, height: 640 });
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= 320), `${name} fits on 320 px`);
  await assertAccessibleInBoth(page, name);

  await page.emulateMedia({ colorScheme: "light" });
  await page.setViewportSize({ width: 1280, height: 800 });
}

test("a wrong password is told, with the tries that are left", async () => {
  await by("staff-submit").click();
  await alert("Enter your name and your password.");
  await logInAs("asha", "tea at half past ten");
  await alert(/The name, the password or the code is wrong\. \d tries left\./);
  await look("95-staff-login");
});

test("a password alone opens no account: the authenticator app comes first, and its code is asked for from then on", async () => {
  await logInAs("asha");
  await open(caller, "call 1");
  await alert("Add an authenticator app to your login first");
  await by("staff-own").click();
  await by("logins").waitFor();
  await look("99-staff-own");
  await by("authenticator-begin").click();
  const app = makeApp(await by("authenticator-key").innerText());
  assert.equal(await by("authenticator-second").count(), 0, "The desk's people cannot choose the app's code alone.");
  await by("authenticator-code").fill(await app());
  await by("authenticator-confirm").click();
  await page.getByText("At the login its code is asked for beside your password.").waitFor();
  await leave();
  await logInAs("asha");
  await by("staff-code").fill(await app());
  await by("staff-submit").click();
  await by("staff-client").waitFor();
});

test("no account is opened for who is no client, or without the reference of a call", async () => {
  await by("staff-open").click();
  await alert("Enter the client's ID.");
  await open({ clientId: "NOBODY" }, "call 1");
  await alert("There is no active client NOBODY.");
  await open(caller, "  ");
  await alert("Enter where the client's instruction is recorded");
  await open(caller, "कॉल 1");
  await alert("Enter where the client's instruction is recorded");
  await look("96-staff-client");
});

test("the desk sees what the client holds and exits it on his word, which the journal and the order keep", async () => {
  await open(caller, "call 2026-11-29/17");
  await by("positions-table").waitFor();
  assert.match(await by("acting-for").innerText(), new RegExp(`You act for ${caller.clientId}`));
  assert.equal(await by("acting-evidence").innerText(), "call 2026-11-29/17");
  await page.getByText(/^Asked every \d s$/).waitFor();
  await look("97-staff-account");

  const [position] = await openPositions(page);
  await confirmExit(page, position);
  await page.locator('[data-testid="exit-progress"]:not([data-step="sending"])').waitFor();
  await by("exit-close").click();
  await page.locator('a[href="#/orders"]').click();
  await page.getByText("call 2026-11-29/17").nth(1).waitFor();
  await shoot(page, outDir, "98-staff-order");

  const events = JSON.parse(runPbm("", "journal", "show", caller.clientId, "--json"));
  assert.ok(JSON.stringify(events).includes("desk:asha"), "The journal names who acted.");
  assert.ok(JSON.stringify(events).includes("call 2026-11-29/17"), "The journal has the reference.");
});

test("the account stays open over a new token, and only there", async () => {
  await page.waitForResponse((answer) => answer.url().endsWith("/session/renew") && answer.ok(), { timeout: 40_000 });
  await page.waitForResponse((answer) => answer.url().endsWith("/portfolio/positions") && answer.ok());
  assert.equal(await by("acting-evidence").innerText(), "call 2026-11-29/17");
  await page.reload();
  await by("staff-client").waitFor();
});

test("another client's account shows nothing of the first", async () => {
  await open(caller, "call 17, second part");
  await by("positions-table").waitFor();
  const first = await openPositions(page);
  await by("staff-close").click();
  await open(other, "mail 4711");
  await by("positions-table").waitFor();
  assert.match(await by("acting-for").innerText(), new RegExp(`You act for ${other.clientId}`));
  const second = await until(async () => {
    const names = await openPositions(page);
    return names.length > 0 && names;
  }, "the other client's positions are shown");
  assert.notDeepEqual(second, first);
  await page.locator('a[href="#/orders"]').click();
  assert.equal(await page.getByText("call 2026-11-29/17").count(), 0);
});

test("an auditor is told where he works, and has his own login here", async () => {
  await by("staff-close").click();
  await leave();
  await logInAs("bela");
  await page.getByText("Auditors read by the API").waitFor();
  assert.equal(await by("staff-client").count(), 0);
  await by("staff-own").click();
  await by("authenticator-begin").waitFor();
});
