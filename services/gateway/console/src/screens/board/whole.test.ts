import { expect, it } from "vitest";
import type { Trend } from "../../api/types";
import { firstPoints, overUntil, pointsOver } from "./whole";

const at = (minute: number) => `2026-11-28T17:${String(minute).padStart(2, "0")}:00Z`;

function trendOf(step: number, ...minutes: number[]): Trend {
  const points = minutes.map((value) => ({ value }));
  return { times: minutes.map(at), step_minutes: step, series: [{ metric: "gmv", points }], pins: [] };
}

const drawn = (trend: Trend, end: string | null, upToNow: boolean) =>
  firstPoints(trend, pointsOver(trend, overUntil(trend, { end_time: end }, upToNow))).times;

it("leaves out the point that is still running, whatever the browser's clock says", () => {
  expect(drawn(trendOf(1, 0, 1, 2), null, true)).toEqual([at(0), at(1)]);
  expect(drawn(trendOf(5, 0, 5), null, true)).toEqual([at(0)]);
  expect(drawn(trendOf(1, 0), null, true)).toEqual([]);
  expect(drawn(trendOf(1), null, true)).toEqual([]);
});

it("draws all of an interval that has passed", () => {
  expect(drawn(trendOf(1, 0, 1, 2), null, false)).toEqual([at(0), at(1), at(2)]);
});

it("leaves out the point that the end cut short, and no other", () => {
  expect(drawn(trendOf(1, 0, 1, 2), "2026-11-28T17:02:20Z", true)).toEqual([at(0), at(1)]);
  expect(drawn(trendOf(1, 0, 1, 2), at(3), true)).toEqual([at(0), at(1), at(2)]);
});

it("shortens the values with the times", () => {
  expect(firstPoints(trendOf(1, 0, 1, 2), 2).series[0]?.points).toEqual([{ value: 0 }, { value: 1 }]);
});
