// Where the calendar's keyboard begins.

import type { CalendarDate } from "@internationalized/date";
import type { Cursor } from "./useCursor";
import { dateOf, type Day } from "./times";

const MORNING = 8 / 24; // of the way down a day

/** Today, when it is shown; else the day that was asked for. */
export function openingPlace(days: readonly Day[], asked: CalendarDate, now: number, zone: string, lines: number): Cursor {
  const today = dateOf(now, zone).toString();
  const day = days.find((one) => one.id === today && asked.toString() === today) ?? days.find((one) => one.id === asked.toString()) ?? days[0]!;
  return { day: day.id, line: lines === 1 ? 0 : Math.floor(lines * MORNING) };
}
