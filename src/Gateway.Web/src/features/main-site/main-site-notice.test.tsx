import { act, cleanup, render, screen } from "@testing-library/react";
import { afterEach, expect, it } from "vitest";
import { chooseLanguage } from "@/shared/language";
import { MainSiteNotice } from "./main-site-notice";

afterEach(async () => {
  cleanup();
  await chooseLanguage("en");
});

const notice = (): HTMLElement => screen.getByTestId("main-site-notice");

it("says that the main site is back, leads there in a window of its own, and does not say that anything was moved", () => {
  render(<MainSiteNotice state="main_site_back" main_site_address="https://trade.example.com/login" text={null} />);

  expect(notice().textContent).toMatch(/^The main site is back\. Go to trade\.example\.com/);
  expect(notice().textContent).toMatch(/that run here go on\. You can exit and cancel here until the day is handed back\..*Nothing has been moved\./);
  const link = screen.getByRole("link");
  expect([link.getAttribute("href"), link.getAttribute("target"), link.getAttribute("rel")]).toEqual(["https://trade.example.com/login", "_blank", "noopener noreferrer"]);
});

it.each([null, "", "http://trade.example.com/", "javascript:alert(1)"])("has no link for the address %s", (address) => {
  render(<MainSiteNotice state="main_site_back" main_site_address={address} text={null} />);

  expect(screen.queryByRole("link")).toBeNull();
  expect(notice().textContent).toMatch(/^The main site is back\./);
});

it.each([
  ["We watch it.", "en"],
  ["हम देख रहे हैं।", "hi"],
])("shows the operator's sentence %s as text of its own language and nothing else while the main site is down", (text, language) => {
  render(<MainSiteNotice state="backup" main_site_address={null} text={text} />);

  expect(notice().textContent).toBe(`Your broker says: ${text}`);
  expect(notice().querySelector("q")?.getAttribute("lang")).toBe(language);
});

it("speaks Hindi when the page does", async () => {
  render(<MainSiteNotice state="main_site_back" main_site_address="https://trade.example.com/" text="We watch it." />);
  await act(() => chooseLanguage("hi"));
  await screen.findByText("मुख्य साइट फिर से चालू है।");

  expect(notice().textContent).toMatch(/^मुख्य साइट फिर से चालू है। trade\.example\.com पर जाएँ/);
  expect(notice().querySelector("q")?.getAttribute("lang")).toBe("en");
});
