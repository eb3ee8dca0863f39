// The arithmetic of the calendar: days of a zone, what its clocks show, and where a span of time stands on a day's axis. A moment is
// in milliseconds, as `Date` has it.

import { CalendarDate, fromAbsolute, parseDateTime, startOfMonth, startOfWeek, toCalendarDate, toCalendarDateTime, toZoned } from "@internationalized/date";
import type { View } from "./place";

export interface Span {
  start: number;
  end: number;
}

/** Half an hour on the clocks; `again` when they show it a second time that day. */
export interface Slot {
  minute: number;
  again: boolean;
}

export interface Day extends Span {
  /** "2026-11-30". */
  id: string;
  date: CalendarDate;
  /** The moments at which the half hours begin, by `keyOf`. */
  begins: ReadonlyMap<string, number>;
}

export const MINUTE = 60_000;
const HALF_HOUR = 30 * MINUTE;
/** A move by hand goes from quarter to quarter of an hour. */
export const STEP = 15 * MINUTE;
const DAYS_A_WEEK = 7;

const keyOf = ({ minute, again }: Slot) => `${minute}${again ? "b" : ""}`;

/** The day that a moment falls on in a zone. */
export const dateOf = (moment: number, zone: string): CalendarDate => toCalendarDate(fromAbsolute(moment, zone));

/** The first moment of a day: midnight, or what comes after a midnight that clocks go forward over. */
export const startOf = (date: CalendarDate, zone: string): number => toZoned(date, zone).toDate().getTime();

const wallMinute = (moment: number, zone: string): number => {
  const { hour, minute } = fromAbsolute(moment, zone);
  return 60 * hour + minute;
};

/** A day with its half hours: 46 of them where clocks go forward by an hour, 50 where they go back. */
export function dayOf(date: CalendarDate, zone: string): Day {
  const start = startOf(date, zone);
  const end = startOf(date.add({ days: 1 }), zone);
  const begins = new Map<string, number>();
  for (let moment = start; moment < end; moment += HALF_HOUR) {
    const minute = wallMinute(moment, zone);
    begins.set(keyOf({ minute, again: begins.has(keyOf({ minute, again: false })) }), moment);
  }
  return { id: date.toString(), date, start, end, begins };
}

/** The days that a view shows around one of them. A month begins and ends with whole weeks. */
export function daysOf(view: View, date: CalendarDate, zone: string, locale: string): Day[] {
  if (view === "day") return [dayOf(date, zone)];
  const first = startOfWeek(view === "week" ? date : startOfMonth(date), locale);
  const last = view === "week" ? date : startOfMonth(date).add({ months: 1, days: -1 });
  const weeks = view === "week" ? 1 : Math.ceil((last.compare(first) + 1) / DAYS_A_WEEK);
  return Array.from({ length: DAYS_A_WEEK * weeks }, (_, at) => dayOf(first.add({ days: at }), zone));
}

/** The same place one view later, or earlier. */
export const stepped = (view: View, date: CalendarDate, by: number): CalendarDate => date.add({ [`${view}s`]: by });

/** The half hours beside which days stand: those of the longest of them, so that a time shown twice has two places. */
export function axisOf(days: readonly Day[]): Slot[] {
  const longest = days.reduce((one, other) => (other.begins.size > one.begins.size ? other : one));
  return [...longest.begins.keys()].map((key) => ({ minute: parseInt(key, 10), again: key.endsWith("b") }));
}

/** When a half hour of the axis begins on a day; undefined where its clocks do not show it. */
export const beginOf = (day: Day, slot: Slot): number | undefined => day.begins.get(keyOf(slot));

/** Where a moment of a day stands on the axis, in half hours from its top. */
export function placeOf(moment: number, day: Day, axis: readonly Slot[]): number {
  if (moment >= day.end) return axis.length;
  let place = 0;
  axis.forEach((slot, at) => {
    const begin = beginOf(day, slot);
    if (begin !== undefined && begin <= moment) place = at + Math.min(1, (moment - begin) / HALF_HOUR);
  });
  return place;
}

/** The moment at a place of the axis, at a whole step. Where the day has no such time, the next that it has. */
export function momentAt(place: number, day: Day, axis: readonly Slot[]): number {
  const at = Math.max(0, Math.floor(place));
  for (let next = at; next < axis.length; next++) {
    const begin = beginOf(day, axis[next]!);
    if (begin === undefined) continue;
    const within = next === at ? (place - at) * HALF_HOUR : 0;
    return begin + Math.round(within / STEP) * STEP;
  }
  return day.end;
}

export interface Block<T> {
  of: T;
  top: number;
  height: number;
  /** Which of so many columns side by side. */
  column: number;
  columns: number;
}

/** What falls on a day, each where it stands; what overlaps stands side by side. */
export function blocksOf<T extends Span>(spans: readonly T[], day: Day, axis: readonly Slot[]): Block<T>[] {
  const there = spans.filter((one) => one.start < day.end && one.end > day.start).sort((one, other) => one.start - other.start || other.end - one.end);
  const placed: Block<T>[] = [];
  let group: Block<T>[] = [];
  let groupEnd = -Infinity;
  const close = () => {
    const columns = Math.max(0, ...group.map((one) => one.column + 1));
    placed.push(...group.map((one) => ({ ...one, columns })));
    group = [];
  };
  for (const of of there) {
    if (of.start >= groupEnd) close();
    const top = placeOf(Math.max(of.start, day.start), day, axis);
    const taken = new Set(group.filter((one) => one.of.end > of.start).map((one) => one.column));
    let column = 0;
    while (taken.has(column)) column++;
    group.push({ of, top, height: placeOf(Math.min(of.end, day.end), day, axis) - top, column, columns: 1 });
    groupEnd = group.length === 1 ? of.end : Math.max(groupEnd, of.end);
  }
  close();
  return placed;
}

/** A span so many days later at the same time of the clocks, then so many minutes later. It keeps its length. */
export function moved({ start, end }: Span, days: number, minutes: number, zone: string): Span {
  const there = (days ? fromAbsolute(start, zone).add({ days }).toDate().getTime() : start) + minutes * MINUTE;
  return { start: there, end: there + end - start };
}

export type Occurrence = "unspecified" | "earlier" | "later";

/** The moments at which the clocks of a zone show a time, such as "2026-10-25T02:30": none, one, or the earlier and the later. */
export function momentsAt(local: string, zone: string): number[] {
  const wall = parseDateTime(local);
  const found = (["earlier", "later"] as const).map((which) => toZoned(wall, zone, which)).filter((one) => toCalendarDateTime(one).compare(wall) === 0);
  return [...new Set(found.map((one) => one.toDate().getTime()))];
}

/** A moment as the clocks of a zone show it, and which of two moments it is where they show it twice. */
export function wallOf(moment: number, zone: string): { local_start: string; occurrence: Occurrence } {
  const local_start = toCalendarDateTime(fromAbsolute(moment, zone)).toString().slice(0, 16);
  const moments = momentsAt(local_start, zone);
  return { local_start, occurrence: moments.length === 2 ? (moments[0] === moment ? "earlier" : "later") : "unspecified" };
}

export const SHORTEST = 30;
export const LONGEST = 13 * 60;

/** A span with another end, no shorter and no longer than an event may be. */
export const ending = ({ start }: Span, end: number): Span => ({
  start,
  end: start + Math.min(LONGEST, Math.max(SHORTEST, Math.round((end - start) / MINUTE))) * MINUTE,
});
