import { beforeEach, expect, test } from "vitest";
import { beginSession, needLogin, openAccount, sessionStore } from "@/shared/api/session";

const granted = { access_token: "t", expires_in_seconds: 600 };
const desk = { ...granted, client_id: null, name: "asha", role: "assisted-desk" };
const opened = { id: "DEMO01", name: "A Client", evidence: "call 1" };
const account = () => sessionStore.get().session?.account;

beforeEach(() => {
  needLogin(null);
});

test("a trader's account is his own, open from the login on", () => {
  beginSession({ ...granted, client_id: "DEMO01", name: "A Client", role: "trader" });
  expect(account()).toEqual({ id: "DEMO01", name: "A Client", evidence: null });
});

test("one of the broker's people has no account until he opens one, and keeps it over a new token", () => {
  beginSession(desk);
  expect(account()).toBeNull();
  openAccount(opened);
  beginSession({ ...desk, access_token: "later" });
  expect(account()).toEqual(opened);
  openAccount(null);
  expect(account()).toBeNull();
});

test("whoever logs in next has not the account that another had opened", () => {
  beginSession(desk);
  openAccount(opened);
  beginSession({ ...desk, name: "bela" });
  expect(account()).toBeNull();
  openAccount(opened);
  needLogin(null);
  beginSession({ ...desk, name: "bela" });
  expect(account()).toBeNull();
});
