// Totals of days, added up over a period and the one before it.

import type { Reading } from "../../api/types";

export interface DayTotal {
  account_id: string;
  day: string;
  sessions: number;
  simulated?: boolean;
  imported_sessions?: number;
  readings: Reading[];
  currency?: string;
}

const DAY_MS = 86_400_000;
/** Days are counted in UTC-8 all year, as the API does. */
const REPORTING_MS = -8 * 3_600_000;

const text = (time: number) => new Date(time).toISOString().slice(0, 10);

/** The reporting days of a period that ends today, oldest first. */
export function daysOf(length: number, now: number): string[] {
  const today = Math.floor((now + REPORTING_MS) / DAY_MS) * DAY_MS;
  return Array.from({ length }, (_, at) => text(today - (length - 1 - at) * DAY_MS));
}

export const SUMS = ["gmv", "orders", "units_sold", "views", "new_followers"] as const;
export type Sum = (typeof SUMS)[number] | "sessions";

export const currencyOf = (row: DayTotal) => row.readings.find((one) => one.metric === "gmv")?.currency ?? "";

export function valueOf(row: DayTotal, sum: Sum): number | null {
  if (sum === "sessions") return row.sessions;
  return row.readings.find((one) => one.metric === sum)?.value ?? null;
}

/** The sum over rows that know it; null when none does. */
export function total(rows: readonly DayTotal[], sum: Sum): number | null {
  const known = rows.map((row) => valueOf(row, sum)).filter((value) => value !== null);
  return known.length ? known.reduce((all, value) => all + value, 0) : null;
}

/** One value for each day; a day without a LIVE has none. */
export function byDay(rows: readonly DayTotal[], days: readonly string[], sum: Sum): (number | null)[] {
  const of = new Map<string, DayTotal[]>();
  for (const row of rows) of.set(row.day, [...(of.get(row.day) ?? []), row]);
  return days.map((day) => total(of.get(day) ?? [], sum));
}

/** Days in groups of so many, named by the first of each, so that a long period has bars that can be seen. */
export function grouped(days: readonly string[], size: number): string[][] {
  const groups: string[][] = [];
  // The newest group is whole; the oldest has what is left.
  for (let end = days.length; end > 0; end -= size) groups.unshift(days.slice(Math.max(0, end - size), end));
  return groups;
}
