import { createStore, useStore } from "@/shared/store";

/** What a person chose: one of the two, or to follow the device. */
export type Theme = "auto" | "light" | "dark";

const themeStore = createStore<Theme>("auto");
export const useTheme = (): Theme => useStore(themeStore);

const prefersDark = (): MediaQueryList => matchMedia("(prefers-color-scheme: dark)");

/** The document wears what is chosen; the styles read it there. */
const wear = (): void => {
  const theme = themeStore.get();
  document.documentElement.dataset["theme"] = theme === "auto" ? (prefersDark().matches ? "dark" : "light") : theme;
};

/** Lasts until the next reload: nothing about looks is kept in the browser. */
export function chooseTheme(theme: Theme): void {
  themeStore.set(theme);
  wear();
}

/** Follows the device from now on, for as long as nothing else is chosen. */
export function followDevice(): void {
  wear();
  prefersDark().addEventListener("change", wear);
}
