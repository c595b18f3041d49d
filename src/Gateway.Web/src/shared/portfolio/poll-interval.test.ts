import { expect, it } from "vitest";
import { pollIntervalFor } from "@/shared/portfolio/portfolio-link";

it.each([
  ["a quick answer", 200, 3000],
  ["a slow answer", 2600, 6000],
  ["an answer that takes longer than numbers stay fresh", 30_000, 8000],
])("asks again after %s in a time that can be said in whole seconds", (_, took, expected) => {
  expect(pollIntervalFor(took)).toBe(expected);
});
