import { useState } from "react";
import { chooseLanguage, languages, useLanguage, type Language } from "@/shared/language";
import { strings } from "@/shared/strings";
import { chooseTheme, useTheme, type Theme } from "@/shared/theme";

/** The language of the page, to be found by who does not read the present one: each is named by itself. */
export function LanguageSwitch() {
  const language = useLanguage();
  const [failed, setFailed] = useState(false);
  const other: Language = language === "en" ? "hi" : "en";
  return (
    <>
      <button
        type="button"
        className="quiet"
        data-testid="language-switch"
        lang={languages[other].tag}
        onClick={() => {
          setFailed(false);
          chooseLanguage(other).catch(() => {
            setFailed(true);
          });
        }}
      >
        {languages[other].name}
      </button>
      {failed ? (
        <span className="problem" role="alert">
          {strings.preferences.languageMissing}
        </span>
      ) : null}
    </>
  );
}

/** What a person may set for himself, at the foot of every page; the language stands at the head of the login, to be found. */
export function Preferences({ hasLanguage }: { readonly hasLanguage: boolean }) {
  return (
    <footer className="preferences" aria-label={strings.preferences.label}>
      {hasLanguage ? <LanguageSwitch /> : null}
      <ThemeChoice />
    </footer>
  );
}

const themes: readonly Theme[] = ["auto", "light", "dark"];

function ThemeChoice() {
  const theme = useTheme();
  const text = strings.preferences;
  return (
    <label>
      {text.theme}
      <select
        data-testid="theme"
        value={theme}
        onChange={(event) => {
          const chosen = themes.find((one) => one === event.target.value);
          if (chosen !== undefined) {
            chooseTheme(chosen);
          }
        }}
      >
        {themes.map((one) => (
          <option key={one} value={one}>
            {text.themes[one]}
          </option>
        ))}
      </select>
    </label>
  );
}
