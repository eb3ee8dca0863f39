// Times in a zone that somebody chooses: what a calendar shows. Moments are in milliseconds.

import { regional as locale } from "../i18n/locale";
import { zoneName } from "./format";

const formats = new Map<string, Intl.DateTimeFormat>();

function formatIn(zone: string, name: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${zone} ${name}`;
  let format = formats.get(key);
  if (!format) formats.set(key, (format = new Intl.DateTimeFormat(locale, { ...options, timeZone: zone })));
  return format;
}

const CLOCK = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" } as const;
const DAY = { weekday: "short", day: "numeric", month: "short" } as const;

/** "18:00". */
export const timeIn = (moment: number, zone: string) => formatIn(zone, "time", CLOCK).format(moment);
/** "18:00–20:00", with days where it crosses midnight. */
export const timesIn = (start: number, end: number, zone: string) => formatIn(zone, "time", CLOCK).formatRange(start, end);
/** "Mon 30 Nov". */
export const dayIn = (moment: number, zone: string) => formatIn(zone, "day", DAY).format(moment);
/** "Monday 30 November". */
export const longDayIn = (moment: number, zone: string) => formatIn(zone, "long", { weekday: "long", day: "numeric", month: "long" }).format(moment);
/** "Mon". */
export const weekdayIn = (moment: number, zone: string) => formatIn(zone, "weekday", { weekday: "short" }).format(moment);
/** "Mon 30 Nov, 18:00–20:00 CET". */
export const spanIn = (start: number, end: number, zone: string) =>
  formatIn(zone, "span", { ...DAY, year: "numeric", ...CLOCK, timeZoneName: "short" }).formatRange(start, end);
/** "30 Nov – 6 Dec 2026". */
export const daysIn = (start: number, end: number, zone: string) =>
  formatIn(zone, "days", { day: "numeric", month: "short", year: "numeric" }).formatRange(start, end);
/** "November 2026". */
export const monthIn = (moment: number, zone: string) => formatIn(zone, "month", { month: "long", year: "numeric" }).format(moment);
/** "Sun 29 Mar, 03:00 CEST": told apart from the same time of the clocks an hour before. */
export const momentIn = (moment: number, zone: string) =>
  formatIn(zone, "moment", { ...DAY, ...CLOCK, timeZoneName: "short" }).format(moment);

export function isZone(name: string): boolean {
  try {
    return name !== "" && Boolean(new Intl.DateTimeFormat(undefined, { timeZone: name }));
  } catch {
    return false;
  }
}

/** The zones to choose from, by their IANA names: one's own first, then those in use, then all. */
export const zonesFrom = (used: readonly string[]): string[] => [
  ...new Set([zoneName(), ...used, "UTC", ...Intl.supportedValuesOf("timeZone")]),
];
