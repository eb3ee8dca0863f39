// The time of an event while it is written: as a person says it.

import type { EventTime } from "../../api/events";
import { LONGEST, MINUTE, SHORTEST, type Span, wallOf } from "./times";

export interface Plan {
  /** "2026-11-30", or null while it is not whole. */
  date: string | null;
  /** "18:00". */
  time: string;
  zone: string;
  hours: number | null;
  minutes: number | null;
  occurrence: EventTime["occurrence"];
}

const HOUR = 60;

export function planOf({ start, end }: Span, zone: string): Plan {
  const { local_start, occurrence } = wallOf(start, zone);
  const [date = null, time = ""] = local_start.split("T");
  const minutes = Math.round((end - start) / MINUTE);
  return { date, time, zone, occurrence, hours: Math.floor(minutes / HOUR), minutes: minutes % HOUR };
}

export const minutesOf = ({ hours, minutes }: Plan): number => (hours ?? 0) * HOUR + (minutes ?? 0);

export const isLength = (plan: Plan): boolean => minutesOf(plan) >= SHORTEST && minutesOf(plan) <= LONGEST;

/** What the API is told; undefined while something is missing. */
export function timeOf(plan: Plan): EventTime | undefined {
  const { date, time, zone, occurrence } = plan;
  if (!date || !/^\d{2}:\d{2}$/.test(time) || !isLength(plan)) return undefined;
  return { local_start: `${date}T${time}`, time_zone: zone, occurrence, duration_minutes: minutesOf(plan) };
}
