import type { Language } from "@/shared/language";

interface MainSiteTexts {
  readonly back: string;
  readonly go: (host: string) => string;
  readonly still: string;
  readonly notMoved: string;
  readonly operator: string;
}

/** What is said of the main site, in all languages: fetched only when an operator says something of it. */
export const mainSiteTexts: Readonly<Record<Language, MainSiteTexts>> = {
  en: {
    back: "The main site is back.",
    go: (host) => `Go to ${host}`,
    still: "Orders and exits that run here go on. You can exit and cancel here until the day is handed back.",
    notMoved: "Nothing has been moved. The main site may not show yet what you did here: look before you exit again there.",
    operator: "Your broker says:",
  },
  hi: {
    back: "मुख्य साइट फिर से चालू है।",
    go: (host) => `${host} पर जाएँ`,
    still: "यहाँ चल रहे ऑर्डर और एग्ज़िट जारी रहेंगे। दिन सौंपे जाने तक आप यहाँ एग्ज़िट कर सकते हैं और ऑर्डर रद्द कर सकते हैं।",
    notMoved: "कुछ भी वहाँ नहीं भेजा गया है। हो सकता है आपने यहाँ जो किया वह मुख्य साइट पर अभी न दिखे: वहाँ दोबारा एग्ज़िट करने से पहले देख लें।",
    operator: "आपका ब्रोकर कहता है:",
  },
};
