import { afterEach, describe, expect, it } from "vitest";
import { formatDay, formatQuantity } from "@/shared/format";
import { chooseLanguage, keptLanguage } from "@/shared/language";
import { strings } from "@/shared/strings";
import { english } from "@/shared/strings-en";
import { hindi } from "@/shared/strings-hi";
import { mainSiteTexts } from "@/shared/strings-main-site";

type Told = readonly [path: string, english: unknown, hindi: unknown];

/** Every text of both languages with its place. What the server names is translated only where English is not read. */
const told = (here: object, there: object, path = ""): Told[] =>
  Object.entries(here).flatMap(([name, value]): Told[] => {
    const other: unknown = (there as Record<string, unknown>)[name];
    return typeof value === "object" && value !== null ? told(value as object, other as object, `${path}${name}.`) : [[`${path}${name}`, value, other]];
  });

const all = [...told(english, hindi), ...told(mainSiteTexts.en, mainSiteTexts.hi)];

/** Words that a trader's screen has in Latin in every language, and what is no word. */
const same = new Set(["locale", "positions.long", "positions.short", "positions.flat", "positions.pnl", "positions.last", "positions.banned", "exit.lastPrice", "exit.side.BUY", "exit.side.SELL", "many.word", "truth.segment.FO", "orders.variety.amo"]);

/** What a text makes of marks in place of its parts: lists of them where it wants lists. */
const filled = (text: unknown): string => {
  if (typeof text !== "function") {
    return String(text);
  }

  const make = text as (...parts: unknown[]) => string;
  const marks = Array.from({ length: make.length }, (_, index) => `⟦${index}⟧`);
  try {
    return make(...marks);
  } catch {
    return make(...marks.map((mark) => [mark]));
  }
};

describe("the Hindi texts", () => {
  it("are in Devanagari, but for the words that every trader's screen has in Latin", () => {
    const latin = all.filter(([path, , text]) => !same.has(path) && !/[\u0900-\u097f]/.test(filled(text)) && /[A-Za-z]/.test(filled(text)));
    expect(latin.map(([path]) => path)).toEqual([]);
  });

  it("name every part that the English ones name", () => {
    const marks = (text: unknown): string[] => (filled(text).match(/⟦\d⟧/g) ?? []).sort();
    const missing = all.filter(([, here, there]) => marks(here).some((mark) => !marks(there).includes(mark)));
    expect(missing.map(([path]) => path)).toEqual([]);
  });
});

describe("the language", () => {
  afterEach(() => chooseLanguage("en"));

  it("changes every text, the document's own language and what is kept, and leaves the digits as traders read them", async () => {
    await chooseLanguage("hi");

    expect([strings.nav.orders, document.documentElement.lang, keptLanguage()]).toEqual(["ऑर्डर", "hi-IN", "hi"]);
    expect([formatQuantity(130000), formatDay("2030-12-31")]).toEqual(["1,30,000", "31 दिस॰ 2030"]);
    expect(Object.keys(localStorage)).toEqual(["language"]);
  });
});
