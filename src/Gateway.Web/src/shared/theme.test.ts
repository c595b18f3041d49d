import { afterEach, expect, it, vi } from "vitest";
import { chooseTheme, followDevice } from "@/shared/theme";

/** A device whose preference the test turns. */
function device(isDark: boolean) {
  const listeners: (() => void)[] = [];
  const query = { matches: isDark, addEventListener: (_: string, tell: () => void) => listeners.push(tell) };
  vi.stubGlobal("matchMedia", () => query);
  return {
    turn: (dark: boolean) => {
      query.matches = dark;
      listeners.forEach((tell) => {
        tell();
      });
    },
  };
}

const worn = (): string | undefined => document.documentElement.dataset["theme"];

afterEach(() => {
  vi.unstubAllGlobals();
});

it("follows the device until something is chosen, and again when that is taken back", () => {
  const { turn } = device(true);

  followDevice();
  expect(worn()).toBe("dark");
  turn(false);
  expect(worn()).toBe("light");

  chooseTheme("dark");
  expect(worn()).toBe("dark");
  turn(false);
  expect(worn()).toBe("dark");

  chooseTheme("auto");
  expect(worn()).toBe("light");
});
