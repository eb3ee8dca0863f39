import { expect, it } from "vitest";
import type { UsualCurve } from "../../api/types";
import { course, paceOf, usualAt } from "./pace";

const point = (minutes: number, median: number) =>
  ({ minutes, sessions: 4, lower_quartile: median / 2, median, upper_quartile: median * 2 });
const curve: UsualCurve = { sessions: 4, missing: "", step_minutes: 1, series: [{ metric: "gmv", points: [point(1, 100), point(2, 300)] }] };

it("compares at the same elapsed time, between minutes too", () => {
  expect(usualAt(curve.series[0]!.points, 1.5, false)?.median).toBe(200);
  expect(usualAt(curve.series[0]!.points, 0.5, false)?.median).toBe(50);
  expect(usualAt(curve.series[0]!.points, 0.5, true)?.median).toBe(100);
  expect(paceOf(curve, "gmv", 250, 1.5)).toMatchObject({ kind: "pace", usual: 200, change: 0.25, range: "within" });
  expect(paceOf(curve, "gmv", 700, 2)).toMatchObject({ range: "above" });
  expect(paceOf(curve, "gmv", 10, 2)).toMatchObject({ range: "below" });
});

it("gives no pace without its reason", () => {
  expect(paceOf({ ...curve, sessions: 2, missing: "too_few_sessions", series: [] }, "gmv", 1, 1)).toEqual({ kind: "few", lives: 2 });
  expect(paceOf(curve, "gmv", 1, 3)).toEqual({ kind: "none", why: "long" });
  expect(paceOf(curve, "viewers_now", 1, 1)).toEqual({ kind: "none", why: "unknown" });
  expect(paceOf(curve, "gmv", null, 1)).toEqual({ kind: "none", why: "waiting" });
});

it("adds up what comes together, and leaves a level as it is", () => {
  const times = ["2026-11-28T17:00:00Z", "2026-11-28T17:01:00Z", "2026-11-28T17:02:00Z"];
  const points = [{ value: 5 }, {}, { value: 7 }];
  const series = ["gmv", "viewers_now"].map((metric) => ({ metric, points }));
  const trend = { times, step_minutes: 1, series, pins: [] };
  const start = Date.parse("2026-11-28T17:00:30Z");
  expect(course(trend, "gmv", start)).toEqual([[0.5, 5], [2.5, 12]]);
  expect(course(trend, "viewers_now", start)).toEqual([[0.5, 5], [2.5, 7]]);
});
