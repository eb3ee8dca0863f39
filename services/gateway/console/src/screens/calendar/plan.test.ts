import { expect, it } from "vitest";
import { isLength, type Plan, planOf, timeOf } from "./plan";

const plan: Plan = { date: "2026-11-30", time: "18:00", zone: "Europe/Berlin", hours: 2, minutes: 0, occurrence: "unspecified" };

it("takes an event of half an hour to 13 hours, to the minute", () => {
  const lengths: [number | null, number | null][] = [[0, 29], [0, 30], [null, 31], [13, 0], [13, 1], [null, null]];
  expect(lengths.map(([hours, minutes]) => isLength({ ...plan, hours, minutes }))).toEqual([false, true, true, true, false, false]);
});

it("says the time as the clocks show it, once it is whole", () => {
  expect(timeOf({ ...plan, minutes: 5 })).toEqual({ local_start: "2026-11-30T18:00", time_zone: "Europe/Berlin", occurrence: "unspecified", duration_minutes: 125 });
  expect(timeOf({ ...plan, date: null })).toBeUndefined();
  expect(timeOf({ ...plan, time: "" })).toBeUndefined();
});

it("begins with a span, in a zone", () => {
  const start = Date.parse("2026-10-25T01:30:00Z");
  expect(planOf({ start, end: start + 95 * 60_000 }, "Europe/Berlin")).toEqual({
    date: "2026-10-25", time: "02:30", zone: "Europe/Berlin", hours: 1, minutes: 35, occurrence: "later",
  });
});
