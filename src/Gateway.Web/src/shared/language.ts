import { speak } from "@/shared/strings";
import { english } from "@/shared/strings-en";
import { createStore, useStore } from "@/shared/store";

export type Language = "en" | "hi";

/** Each language by its own name, and as documents name it. */
export const languages: Readonly<Record<Language, { readonly name: string; readonly tag: string }>> = {
  en: { name: "English", tag: "en-IN" },
  hi: { name: "हिन्दी", tag: "hi-IN" },
};

const languageStore = createStore<Language>("en");

/** Components that React skips while their props stay must call this, so that they speak the language of now. */
export const useLanguage = (): Language => useStore(languageStore);

/** The only thing of this page that outlives it in the browser. */
const kept = "language";

/** Speaks another language from now on. Fails where its texts cannot be fetched; then the page speaks on as it did. */
export async function chooseLanguage(language: Language): Promise<void> {
  speak(language === "en" ? english : (await import("@/shared/strings-hi")).hindi);
  document.documentElement.lang = languages[language].tag;
  languageStore.set(language);
  try {
    localStorage.setItem(kept, language);
  } catch {
    // A browser that keeps nothing is asked again the next time.
  }
}

/** What was chosen in this browser before. */
export function keptLanguage(): Language {
  try {
    return localStorage.getItem(kept) === "hi" ? "hi" : "en";
  } catch {
    return "en";
  }
}
