import { expect, test } from "vitest";
import { byDay, daysOf, type DayTotal, grouped, total } from "./days";

const row = (day: string, gmv: number | null): DayTotal => ({
  account_id: "a", day, sessions: 1, readings: gmv === null ? [{ metric: "gmv", missing: "not_known" }] : [{ metric: "gmv", value: gmv, currency: "EUR" }],
});

test("a reporting day begins eight hours after midnight in UTC", () => {
  expect(daysOf(2, Date.parse("2026-11-30T07:59:00Z"))).toEqual(["2026-11-28", "2026-11-29"]);
  expect(daysOf(1, Date.parse("2026-11-30T08:00:00Z"))).toEqual(["2026-11-30"]);
});

test("what is not known is no zero", () => {
  expect(total([row("2026-11-01", 5), row("2026-11-01", null)], "gmv")).toBe(5);
  expect(total([row("2026-11-01", null)], "gmv")).toBeNull();
  expect(byDay([row("2026-11-01", 5), row("2026-11-01", 2)], ["2026-11-01", "2026-11-02"], "gmv")).toEqual([7, null]);
});

test("the newest group of days is whole", () => expect(grouped(["1", "2", "3", "4", "5"], 2)).toEqual([["1"], ["2", "3"], ["4", "5"]]));
