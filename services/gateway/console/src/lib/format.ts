// Numbers, money and times as a person reads them. Everything comes in as the API gives it.

import type { Money, Reading, Unit } from "../api/types";
import { regional as locale } from "../i18n/locale";
import { EXPONENTS } from "./currencies";

const cache = new Map<string, Intl.NumberFormat>();

function numberFormat(options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = JSON.stringify(options);
  let format = cache.get(key);
  if (!format) cache.set(key, (format = new Intl.NumberFormat(locale, options)));
  return format;
}

export const DASH = "–";

export const count = (value: number) => numberFormat({ maximumFractionDigits: 0 }).format(value);
export const decimal = (value: number) => numberFormat({ maximumFractionDigits: 1 }).format(value);
export const percent = (value: number) =>
  numberFormat({ style: "percent", minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(value);
/** "12.5%" or "15%": a rate that somebody has set, not one that was measured. */
export const rate = (value: number) => numberFormat({ style: "percent", maximumFractionDigits: 2 }).format(value);
export const compact = (value: number) =>
  numberFormat({ notation: "compact", maximumFractionDigits: 1 }).format(value);

/** "+12.5%" or "-3.0%". */
export const change = (value: number) =>
  numberFormat({
    style: "percent",
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
    signDisplay: "exceptZero",
  }).format(value);

/** Minor units in full: 1999 USD is "$19.99"; 500 JPY is "¥500"; 1250 KWD is "KWD 1.250". In short: "$3.9K", "$166", "$19.99". */
export function money(minor: number, currency: string, short = false): string {
  if (!/^[A-Z]{3}$/.test(currency)) return decimal(minor);
  const digits = EXPONENTS[currency] ?? 2;
  const value = minor / 10 ** digits;
  const options: Intl.NumberFormatOptions = { style: "currency", currency };
  if (short && Math.abs(value) >= 1000) Object.assign(options, { notation: "compact", maximumFractionDigits: 1 });
  else {
    const shown = short && (Number.isInteger(value) || Math.abs(value) >= 100) ? 0 : digits;
    Object.assign(options, { minimumFractionDigits: shown, maximumFractionDigits: shown });
  }
  return numberFormat(options).format(value);
}

export const amount = (value: Money) => money(value.minor, value.currency);

/** 3725 s is "1:02:05". */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const two = numberFormat({ minimumIntegerDigits: 2 }).format;
  return [numberFormat({ useGrouping: false }).format(Math.floor(whole / 3600)), two(Math.floor(whole / 60) % 60), two(whole % 60)].join(":");
}

/** A metric's value in its registry unit; `short` is for chart axes. */
export function metricValue(value: number, unit: Unit, currency = "", short = false): string {
  switch (unit) {
    case "money":
      return money(value, currency, short);
    case "seconds":
      return duration(value);
    case "rate":
      return percent(value);
    default:
      return short ? compact(value) : Number.isInteger(value) ? count(value) : decimal(value);
  }
}

export function reading(value: Reading | undefined, unit: Unit, fallbackCurrency = ""): string {
  if (value?.value === undefined || value.value === null) return DASH;
  return metricValue(value.value, unit, value.currency || fallbackCurrency);
}

const dates = new Map<string, Intl.DateTimeFormat>();

function dateFormat(name: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  let format = dates.get(name);
  if (!format) dates.set(name, (format = new Intl.DateTimeFormat(locale, options)));
  return format;
}

const HOUR_MINUTE = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" } as const;

/** "22 Nov 2026" in the reader's zone. */
export const date = (time: string) => dateFormat("date", { dateStyle: "medium" }).format(new Date(time));
/** "22 Nov" in the reader's zone. */
export const dayMonth = (time: string) => dateFormat("day-month", { day: "numeric", month: "short" }).format(new Date(time));
/** "18:03:07". */
export const clock = (time: string | number) =>
  dateFormat("clock", { ...HOUR_MINUTE, second: "2-digit" }).format(new Date(time));
/** "18:03". */
export const minute = (time: string | number) => dateFormat("minute", HOUR_MINUTE).format(new Date(time));
/** "18:03 CET": with the zone, wherever a time could be misread. */
export const zoned = (time: string) =>
  dateFormat("zoned", { ...HOUR_MINUTE, timeZoneName: "short" }).format(new Date(time));
/** Date, time and zone. */
export const moment = (time: string) => `${date(time)}, ${zoned(time)}`;
/** The reader's zone, such as "Europe/Berlin". */
export const zoneName = () => Intl.DateTimeFormat().resolvedOptions().timeZone;

const lists = new Intl.ListFormat(locale, { type: "unit", style: "short" });
/** "Teapot, cup, saucer". */
export const list = (parts: readonly string[]) => lists.format(parts);

const regions = new Intl.DisplayNames(locale, { type: "region", fallback: "code" });
/** "Germany" for DE. */
export const region = (code: string) => regions.of(code) ?? code;

const DAY_MS = 86_400_000;

/** Whole days from now until a time; 0 once it is past. */
export const daysLeft = (time: string, now: number) => Math.max(0, Math.ceil((Date.parse(time) - now) / DAY_MS));
