import type { Session, Trend } from "../../api/types";

const MINUTE_MS = 60_000;

/**
 * How much of a trend is over, as a moment in milliseconds. A trend that reaches up to now ends with the point that is
 * still running; whether it does is told by the trend itself, since the browser's clock may be wrong.
 */
export function overUntil(trend: Trend, session: Pick<Session, "end_time">, upToNow: boolean): number {
  if (session.end_time) return Date.parse(session.end_time);
  return upToNow ? Date.parse(trend.times.at(-1) ?? "") : Infinity;
}

/** How many points of a trend are over: one that has just begun, or that the end cut short, is no fall of the numbers. */
export function pointsOver(trend: Trend, until: number): number {
  const isOver = (time: string) => Date.parse(time) + trend.step_minutes * MINUTE_MS <= until;
  return trend.times.filter(isOver).length;
}

/** The first points of a trend. */
export function firstPoints(trend: Trend, many: number): Trend {
  if (many >= trend.times.length) return trend;
  const series = trend.series.map((one) => ({ ...one, points: one.points.slice(0, many) }));
  return { ...trend, times: trend.times.slice(0, many), series };
}
