import type { LiveEvent } from "../api/events";

const SOON_MS = 10 * 60_000;
const LONGEST_SHOWN_MS = 15 * 60_000;
/** Whoever opens a page later reads it there, and is not told by a message besides. */
export const TOLD_BEFORE_MS = 9 * 60_000;

/**
 * From ten minutes before its start until it is on air, and for a while where nobody goes LIVE. A session that was on air
 * before the start belongs to an earlier one: the event was moved while it went on air.
 */
export function isSoon({ start_time, sessions = [] }: Pick<LiveEvent, "start_time" | "sessions">, now: number): boolean {
  const start = Date.parse(start_time);
  const left = start - now;
  const last = sessions.at(-1);
  const waits = last !== undefined && !last.start_time && sessions.every((one) => !one.start_time || Date.parse(one.start_time) < start);
  return left <= SOON_MS && left > -LONGEST_SHOWN_MS && waits;
}
