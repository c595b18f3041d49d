import { describe, expect, it } from "vitest";
import { stepQuantity, toRequest } from "./exit-choice";

const named = { exchange: "NFO", tradingsymbol: "A", product: "NRML" };

describe("an exit's request", () => {
  it("asks for all as all, so that no rest is left", () => {
    expect(toRequest(named, { kind: "percent", percent: 100 })).toEqual({ ...named, mode: "full" });
  });

  it("leaves the rounding of a share to the server", () => {
    expect(toRequest(named, { kind: "percent", percent: 25 })).toEqual({ ...named, mode: "percent", percent: 25 });
  });

  it("names a quantity that was stepped to", () => {
    expect(toRequest(named, { kind: "quantity", quantity: 130 })).toEqual({ ...named, mode: "quantity", quantity: 130 });
  });
});

describe("the lot stepper", () => {
  it("moves by whole lots and stays within one lot and what is closable", () => {
    expect(stepQuantity(130, -1, 65, 1300)).toBe(65);
    expect(stepQuantity(65, -1, 65, 1300)).toBe(65);
    expect(stepQuantity(1300, 1, 65, 1300)).toBe(1300);
    expect(stepQuantity(100, 1, 65, 1300)).toBe(130);
    expect(stepQuantity(100, -1, 65, 1300)).toBe(65);
  });

  it("never passes what is closable when that is no whole lot", () => {
    expect(stepQuantity(65, 1, 65, 100)).toBe(100);
    expect(stepQuantity(40, -1, 65, 40)).toBe(40);
  });
});
