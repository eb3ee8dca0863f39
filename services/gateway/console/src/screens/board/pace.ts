// How a LIVE stands against the account's usual curve at the same elapsed time. Never a running total beside a whole session.

import type { Trend, UsualCurve, UsualPoint } from "../../api/types";

const MINUTE_MS = 60_000;
/** A curve of fewer LIVEs is none: the API leaves it out. */
export const LEAST_LIVES = 3;

export type Point = readonly [minutes: number, value: number];

export type Pace =
  | { kind: "pace"; usual: number; change: number; range: "above" | "within" | "below"; lives: number; minutes: number }
  | { kind: "few"; lives: number }
  | { kind: "none"; why: "waiting" | "unknown" | "long" | "zero" };

const NONE = (why: "waiting" | "unknown" | "long" | "zero"): Pace => ({ kind: "none", why });

/** Where LIVEs of the account usually stood after so many minutes, between two whole minutes by a straight line. */
export function usualAt(points: readonly UsualPoint[], minutes: number, level: boolean): UsualPoint | undefined {
  const after = points.find((point) => point.minutes >= minutes);
  if (!after || minutes < 0) return undefined;
  const first = points[0]!;
  const zero = { minutes: 0, sessions: first.sessions, lower_quartile: 0, median: 0, upper_quartile: 0 };
  const start = level ? { ...first, minutes: 0 } : zero;
  const before = points.findLast((point) => point.minutes < minutes) ?? start;
  const share = (minutes - before.minutes) / (after.minutes - before.minutes);
  const between = (low: number, high: number) => low + (high - low) * share;
  return {
    minutes,
    sessions: after.sessions,
    lower_quartile: between(before.lower_quartile, after.lower_quartile),
    median: between(before.median, after.median),
    upper_quartile: between(before.upper_quartile, after.upper_quartile),
  };
}

const LEVELS = ["viewers_now"];

/** The pace of a metric that stands at `value` after `minutes` on air. */
export function paceOf(curve: UsualCurve | undefined, metric: string, value: number | null | undefined, minutes: number): Pace {
  if (!curve || value == null || minutes <= 0) return NONE("waiting");
  if (curve.missing || curve.sessions < LEAST_LIVES) return { kind: "few", lives: curve.sessions };
  const points = curve.series.find((one) => one.metric === metric)?.points ?? [];
  if (points.length === 0) return NONE("unknown");
  const usual = usualAt(points, minutes, LEVELS.includes(metric));
  if (!usual) return NONE("long");
  if (usual.median === 0) return NONE("zero");
  const range = value > usual.upper_quartile ? "above" : value < usual.lower_quartile ? "below" : "within";
  const change = (value - usual.median) / usual.median;
  return { kind: "pace", usual: usual.median, change, range, lives: usual.sessions, minutes: Math.floor(minutes) };
}

/** A trend as the usual curve is drawn: what had come together since the start, or the level; by minutes on air. */
export function course(trend: Trend | undefined, metric: string, start: number): Point[] {
  const points = trend?.series.find((one) => one.metric === metric)?.points ?? [];
  let sum = 0;
  return points.flatMap((point, at) => {
    if (point.value == null) return [];
    sum += point.value;
    const minutes = (Date.parse(trend!.times[at]!) - start) / MINUTE_MS + trend!.step_minutes;
    return [[Math.max(0, minutes), LEVELS.includes(metric) ? point.value : sum] as const];
  });
}
