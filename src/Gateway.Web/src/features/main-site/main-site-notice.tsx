import type { SystemStatus } from "@/shared/api/schemas";
import { useLanguage } from "@/shared/language";
import { mainSiteTexts } from "@/shared/strings-main-site";

/** What an operator says of the main site. It leads there and moves nothing. */
export function MainSiteNotice({ state, main_site_address: address, text }: NonNullable<SystemStatus["notice"]>) {
  const texts = mainSiteTexts[useLanguage()];
  return (
    <div className={state === "main_site_back" ? "truth main-back" : "truth"} data-testid="main-site-notice" data-state={state}>
      {state === "main_site_back" ? (
        <>
          <p>
            <strong>{texts.back}</strong> <MainSiteLink address={address} go={texts.go} />
          </p>
          <p>
            {texts.still} {texts.notMoved}
          </p>
        </>
      ) : null}
      {text ? (
        <p>
          {texts.operator} <q lang={languageOf(text)}>{text}</q>
        </p>
      ) : null}
    </div>
  );
}

/** In a window of its own, so that what runs here stays in sight. */
function MainSiteLink({ address, go }: { readonly address: string | null | undefined; readonly go: (host: string) => string }) {
  return address?.startsWith("https://") ? (
    <a href={address} target="_blank" rel="noopener noreferrer" data-testid="main-site-link">
      {go(new URL(address).host)}
    </a>
  ) : null;
}

/** An operator writes to everybody in one language, and a screen reader must know which. */
const languageOf = (text: string): string => (/[\u0900-\u097f]/.test(text) ? "hi" : "en");
