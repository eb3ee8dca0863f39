// Which part of a session a chart shows. All moments in milliseconds.

export type Interval = { kind: "whole" } | { kind: "last"; minutes: number } | { kind: "range"; from: number; until: number };

export const WHOLE: Interval = { kind: "whole" };
export const LAST_MINUTES = [15, 30, 60] as const;

const MINUTE = 60_000;
const SHORTEST = 5 * MINUTE;

export interface Bounds {
  start: number;
  end: number;
}

/** The interval's own bounds, never outside the session's. */
export function resolve(interval: Interval, { start, end }: Bounds): Bounds {
  if (interval.kind === "whole") return { start, end };
  if (interval.kind === "last") return { start: Math.max(start, end - interval.minutes * MINUTE), end };
  return { start: Math.max(start, interval.from), end: Math.min(end, interval.until) };
}

/** Zooms around the middle: a factor below 1 shows less. The whole session is the widest. */
export function zoom(interval: Interval, session: Bounds, factor: number): Interval {
  const { start, end } = resolve(interval, session);
  const half = Math.max(SHORTEST, (end - start) * factor) / 2;
  const middle = (start + end) / 2;
  return within(middle - half, middle + half, session);
}

/** Moves by a share of what is shown: negative is earlier. */
export function shift(interval: Interval, session: Bounds, share: number): Interval {
  const { start, end } = resolve(interval, session);
  const width = end - start;
  const from = Math.min(Math.max(session.start, start + width * share), session.end - width);
  return within(from, from + width, session);
}

/** A range cut to the session, to whole minutes as rollups are; everything means the whole session. */
export function within(from: number, until: number, session: Bounds): Interval {
  const first = Math.max(session.start, Math.floor(from / MINUTE) * MINUTE);
  const last = Math.min(session.end, Math.ceil(until / MINUTE) * MINUTE);
  if (first <= session.start && last >= session.end) return WHOLE;
  return { kind: "range", from: first, until: last };
}
