import { strings } from "@/shared/strings";

/** Money as the server sends it: rupees as a number or a decimal text. It is shown and compared here, never computed. */
export type Money = number | string;

const india = "en-IN";
const rupees = new Intl.NumberFormat(india, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const signedRupees = new Intl.NumberFormat(india, { minimumFractionDigits: 2, maximumFractionDigits: 2, signDisplay: "exceptZero" });
const whole = new Intl.NumberFormat(india, { maximumFractionDigits: 0 });
const clock = new Intl.DateTimeFormat("en-GB", { timeZone: "Asia/Kolkata", hour: "2-digit", minute: "2-digit", second: "2-digit" });
const minuteClock = new Intl.DateTimeFormat("en-GB", { timeZone: "Asia/Kolkata", hour: "2-digit", minute: "2-digit" });
const dayFormats = new Map<string, Intl.DateTimeFormat>();

const trueMinus = (text: string): string => text.replace("-", "\u2212");

export const formatPrice = (value: Money | null | undefined): string =>
  value === null || value === undefined ? "–" : trueMinus(rupees.format(Number(value)));

export const formatSignedMoney = (value: Money | null | undefined): string =>
  value === null || value === undefined ? "–" : trueMinus(signedRupees.format(Number(value)));

export const formatQuantity = (value: number): string => trueMinus(whole.format(value));

/** Time of day in India, to the second; a dash when there is none. */
export const formatTime = (iso: string | null | undefined): string => formatWith(clock, iso);

export const formatMinute = (iso: string | null | undefined): string => formatWith(minuteClock, iso);

/** A day without a time, "2030-12-31", as people write it: "31 Dec 2030". */
export function formatDay(day: string): string {
  const at = new Date(`${day}T00:00:00Z`);
  return Number.isNaN(at.getTime()) ? day : dayFormatOf(strings.locale).format(at);
}

const indiaAheadMs = 330 * 60_000;

/** The day in India of a moment. */
export const formatDayOf = (iso: string): string => formatDay(new Date(Date.parse(iso) + indiaAheadMs).toISOString().slice(0, 10));

function dayFormatOf(locale: string): Intl.DateTimeFormat {
  const format = dayFormats.get(locale) ?? new Intl.DateTimeFormat(locale, { timeZone: "UTC", day: "numeric", month: "short", year: "numeric" });
  dayFormats.set(locale, format);
  return format;
}

/** "3 s", "2 min", "1 h": whole units, rounded down, never below zero. */
export function formatAge(ageMs: number): string {
  const seconds = Math.max(0, Math.floor(ageMs / 1000));
  if (seconds < 120) {
    return strings.age.seconds(seconds);
  }

  const minutes = Math.floor(seconds / 60);
  return minutes < 120 ? strings.age.minutes(minutes) : strings.age.hours(Math.floor(minutes / 60));
}

function formatWith(format: Intl.DateTimeFormat, iso: string | null | undefined): string {
  if (!iso) {
    return "–";
  }

  // Kite's own timestamps ("2026-11-20 10:04:11") carry no zone and mean Indian time.
  const zoned = /([zZ]|[+-]\d\d:?\d\d)$/.test(iso) ? iso : `${iso.replace(" ", "T")}+05:30`;
  const at = new Date(zoned);
  return Number.isNaN(at.getTime()) ? iso : format.format(at);
}
