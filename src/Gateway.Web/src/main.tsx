import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { HashRouter } from "react-router";
import { App } from "@/app/app";
import { chooseLanguage, keptLanguage } from "@/shared/language";
import { followDevice } from "@/shared/theme";
import "@/app/styles/base.css";
import "@/app/styles/many.css";
import "@/app/styles/notices.css";

const root = document.getElementById("root");
if (root === null) {
  throw new Error("The page has no element with the id root.");
}

followDevice();
const show = (): void => {
  createRoot(root).render(
    <StrictMode>
      <HashRouter>
        <App />
      </HashRouter>
    </StrictMode>,
  );
};

// Without its texts the page comes in English, which it always has.
const language = keptLanguage();
if (language === "en") {
  show();
} else {
  chooseLanguage(language).then(show, show);
}
