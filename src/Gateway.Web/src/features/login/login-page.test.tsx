import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { ApiError } from "@/shared/api/http";
import { LoginPage } from "./login-page";

const { requestCode, exchangeCodes } = vi.hoisted(() => ({ requestCode: vi.fn(), exchangeCodes: vi.fn() }));
vi.mock("@/shared/api/requests", () => ({ requestCode, exchangeCodes }));

const sent = { sent_to: ["SMS"], expires_in_seconds: 180 };
const full = (ahead: number, seconds: number): ApiError =>
  new ApiError("Very many people log in.", "NetworkException", 503, { ahead, retry_after_seconds: seconds }, seconds, true);
const refused = (data: object): ApiError => new ApiError("That is not enough.", "TwoFAException", 403, data, null, true);

beforeEach(() => {
  vi.useFakeTimers();
  requestCode.mockReset();
  exchangeCodes.mockReset();
  render(<LoginPage reason={null} />);
  fireEvent.change(screen.getByTestId("login-client-id"), { target: { value: "abcde1234f" } });
});

afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

const press = (id: string): Promise<void> =>
  act(async () => {
    fireEvent.click(screen.getByTestId(id));
    await vi.advanceTimersByTimeAsync(0);
  });
const pass = (ms: number): Promise<void> => act(() => vi.advanceTimersByTimeAsync(ms).then(() => undefined));
const type = (id: string, value: string): void => {
  fireEvent.change(screen.getByTestId(id), { target: { value } });
};

it("counts down while the door is full, tries again by itself, and goes on where it was", async () => {
  requestCode.mockRejectedValueOnce(full(1200, 7)).mockRejectedValueOnce(full(300, 3)).mockResolvedValueOnce(sent);
  await press("login-send");
  expect(screen.getByTestId("login-waiting").textContent).toMatch(/about 1,200 are before you.*again by itself in 7 s/);
  await pass(6900);
  expect(requestCode).toHaveBeenCalledTimes(1);
  await pass(200);
  expect(screen.getByTestId("login-waiting").textContent).toMatch(/about 300 are before you/);
  await pass(3100);
  expect(requestCode.mock.calls).toEqual([["ABCDE1234F"], ["ABCDE1234F"], ["ABCDE1234F"]]);
  expect(screen.getByTestId("login-code")).toBeDefined();
  expect(screen.queryByTestId("login-waiting")).toBeNull();
});

it("asks no more once the person has stopped waiting", async () => {
  requestCode.mockRejectedValue(full(1200, 7));
  await press("login-send");
  await press("login-stop-waiting");
  await pass(60_000);
  expect(requestCode).toHaveBeenCalledTimes(1);
  expect(screen.getByTestId("login-send").closest("fieldset")?.disabled).toBe(false);
});

it("says the server's own words of another wait, and a refusal without one is no wait", async () => {
  requestCode.mockRejectedValueOnce(new ApiError("Too many logins from this address.", "NetworkException", 429, null, 10, true));
  await press("login-send");
  expect(screen.getByTestId("login-waiting").textContent).toMatch(/wait a moment\. Too many logins from this address\./);
  requestCode.mockRejectedValueOnce(new ApiError("The code could not be sent.", "NetworkException", 503, null, null, true));
  await pass(10_100);
  expect(screen.queryByTestId("login-waiting")).toBeNull();
  expect(screen.getByRole("alert").textContent).toBe("The code could not be sent.");
});

it("takes the app's code alone, and sends the other one when the server wants both", async () => {
  exchangeCodes.mockRejectedValueOnce(refused({ wanted: "code" })).mockRejectedValueOnce(refused({ attempts_left: 2 }));
  requestCode.mockResolvedValueOnce(sent);
  await press("login-app");
  type("login-totp", "123456");
  await press("login-submit");
  expect(requestCode).toHaveBeenCalledTimes(1);
  type("login-code", "654321");
  await press("login-submit");
  expect(exchangeCodes.mock.calls).toEqual([["ABCDE1234F", { totp: "123456" }], ["ABCDE1234F", { code: "654321", totp: "123456" }]]);
  expect(screen.getByRole("alert").textContent).toBe("That code is wrong. 2 tries are left.");
});

it("keeps the code that was sent while the app's is asked for", async () => {
  requestCode.mockResolvedValueOnce(sent);
  exchangeCodes.mockRejectedValueOnce(refused({ wanted: "totp" })).mockRejectedValueOnce(refused({ locked_until: "2026-11-20T05:00:00Z" }));
  await press("login-send");
  type("login-code", "654321");
  await press("login-submit");
  type("login-totp", "123456");
  await press("login-submit");
  expect(exchangeCodes.mock.lastCall).toEqual(["ABCDE1234F", { code: "654321", totp: "123456" }]);
  expect(requestCode).toHaveBeenCalledTimes(1);
  expect(screen.getByRole("alert").textContent).toMatch(/again from 10:30, India time/);
});
