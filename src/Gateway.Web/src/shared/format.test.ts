import { expect, it } from "vitest";
import { formatAge, formatDay, formatPrice, formatQuantity, formatSignedMoney, formatTime } from "@/shared/format";
import { ordinal } from "@/shared/strings-en";

it("groups digits as India does, with a true minus", () => {
  expect(formatPrice(12345678.5)).toBe("1,23,45,678.50");
  expect(formatPrice("5.05")).toBe("5.05");
  expect(formatQuantity(-130000)).toBe("−1,30,000");
  expect(formatSignedMoney(250)).toBe("+250.00");
  expect(formatSignedMoney(0)).toBe("0.00");
  expect(formatPrice(null)).toBe("–");
});

it("tells times in India, also of Kite's timestamps without a zone", () => {
  expect(formatTime("2026-11-20T04:51:07Z")).toBe("10:21:07");
  expect(formatTime("2026-11-20 10:21:07")).toBe("10:21:07");
  expect(formatTime("not a time")).toBe("not a time");
});

it("rounds ages down and never goes below zero", () => {
  expect([formatAge(-5), formatAge(2999), formatAge(119_000), formatAge(120_000), formatAge(7_200_000)]).toEqual(["0 s", "2 s", "119 s", "2 min", "2 h"]);
});

it("counts places in line", () => {
  expect([1, 2, 3, 4, 11, 17, 21, 102].map(ordinal)).toEqual(["1st", "2nd", "3rd", "4th", "11th", "17th", "21st", "102nd"]);
});

it("writes days as people do, and leaves alone what is none", () => {
  expect([formatDay("2030-12-31"), formatDay("some day")]).toEqual(["31 Dec 2030", "some day"]);
});
