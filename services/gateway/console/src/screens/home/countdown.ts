// How long it is until something begins, in the two largest units that say it.

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export type Countdown =
  | { kind: "days"; days: number; hours: number }
  | { kind: "hours"; hours: number; minutes: number }
  | { kind: "minutes"; minutes: number; seconds: number }
  | { kind: "now" };

/** What is left from `now` until `start`, both in milliseconds; whole units, rounded down. */
export function countdown(start: number, now: number): Countdown {
  const left = start - now;
  if (left < 1000) return { kind: "now" };
  if (left >= DAY) return { kind: "days", days: Math.floor(left / DAY), hours: Math.floor((left % DAY) / HOUR) };
  if (left >= HOUR) return { kind: "hours", hours: Math.floor(left / HOUR), minutes: Math.floor((left % HOUR) / MINUTE) };
  return { kind: "minutes", minutes: Math.floor(left / MINUTE), seconds: Math.floor((left % MINUTE) / 1000) };
}
