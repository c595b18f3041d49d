import { english } from "@/shared/strings-en";

/** The texts of a language. Each language has all of them, or it does not compile. */
export type Strings = typeof english;

/** The texts of the language that is chosen now. They are read while rendering, never kept: the language may change. */
export let strings: Strings = english;

export function speak(texts: Strings): void {
  strings = texts;
}
