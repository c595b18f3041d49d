import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, expect, it } from "vitest";
import { statusSchema } from "@/shared/api/schemas";
import { TruthLine } from "./truth-line";

afterEach(cleanup);

const told = (since: string | null): string => {
  const status = statusSchema.parse({
    mode: "backup", message: "Backup mode: exits and cancels only.", main_site_down_since: since, notice: null, exchange: [], server_time: "2026-11-20T06:00:00Z", version: "0",
  });
  render(<TruthLine status={status} unreachable={false} connected={false} />);
  return screen.getByRole("region", { name: "Connection" }).querySelector(".truth-mode")?.textContent.trim() ?? "";
};

it("tells since when the main site is down, in India's time", () => {
  expect(told("2026-11-20T04:34:00Z")).toBe("Backup mode: exits and cancels only. Main site down since 10:04.");
});

it("names the day when it was another one, also where that begins at midnight of India only", () => {
  expect(told("2026-11-19T18:29:00Z")).toBe("Backup mode: exits and cancels only. Main site down since 19 Nov 2026, 23:59.");
});

it("says nothing of the main site when that is not known", () => {
  expect(told(null)).toBe("Backup mode: exits and cancels only.");
});
