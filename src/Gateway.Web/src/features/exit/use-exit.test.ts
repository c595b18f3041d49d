import { act, renderHook } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { useExit } from "./use-exit";
import { exitSchema } from "@/shared/api/exit-schemas";
import { ApiError } from "@/shared/api/http";
import * as requests from "@/shared/api/requests";

vi.mock("@/shared/api/requests");
const placeExit = vi.mocked(requests.placeExit);
const request = { exchange: "NFO", tradingsymbol: "A", product: "NRML", mode: "full" as const };
const accepted = exitSchema.parse({ exit_id: "x" });
const keys = (): (string | undefined)[] => placeExit.mock.calls.map((call) => call[1]);

const place = async (hook: { current: ReturnType<typeof useExit> }): Promise<void> => {
  await act(async () => {
    hook.current.place(request);
    await vi.advanceTimersByTimeAsync(10_000);
  });
};

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
  placeExit.mockReset();
});

it("asks again with the same key when nobody answers", async () => {
  placeExit.mockRejectedValueOnce(new ApiError("", "NetworkException", 0)).mockRejectedValueOnce(new ApiError("", "", 503)).mockResolvedValueOnce(accepted);
  const { result } = renderHook(useExit);

  await place(result);

  expect(result.current.progress.step).toBe("accepted");
  expect(keys()).toHaveLength(3);
  expect(new Set(keys()).size).toBe(1);
});

it("says that it is not known after silence, and a later try keeps the key", async () => {
  placeExit.mockRejectedValue(new ApiError("", "NetworkException", 0));
  const { result } = renderHook(useExit);

  await place(result);
  expect(result.current.progress.step).toBe("unknown");
  await place(result);

  expect(keys()).toHaveLength(8);
  expect(new Set(keys()).size).toBe(1);
});

it("tells what a busy server said, and keeps the key for the next try", async () => {
  placeExit.mockRejectedValue(new ApiError("The system is busy. Nothing was done.", "NetworkException", 503));
  const { result } = renderHook(useExit);

  await place(result);
  expect(result.current.progress).toEqual({ step: "choosing", problem: "The system is busy. Nothing was done.", blocked: null });
  await place(result);

  expect(keys()).toHaveLength(8);
  expect(new Set(keys()).size).toBe(1);
});

it("shows a refusal with what is in the way, and the next try is a new exit", async () => {
  const blocked = { net: 100, pending_exit: 100, closable: 0, blocking_orders: ["7"] };
  placeExit.mockRejectedValueOnce(new ApiError("Nothing left to close.", "ReduceOnlyException", 400, blocked)).mockResolvedValueOnce(accepted);
  const { result } = renderHook(useExit);

  await place(result);
  expect(result.current.progress).toEqual({ step: "choosing", problem: "Nothing left to close.", blocked });
  await place(result);

  expect(result.current.progress.step).toBe("accepted");
  expect(new Set(keys()).size).toBe(2);
});
