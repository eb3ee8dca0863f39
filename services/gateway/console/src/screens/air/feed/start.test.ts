import { expect, it } from "vitest";
import { leftUntil, startOf } from "./start";

const START = Date.parse("2026-11-30T18:00:00Z");
const event = { start_time: "2026-11-30T18:00:00Z", end_time: "2026-11-30T20:00:00Z", sessions: [] };
const minutes = (count: number) => START + count * 60_000;

it("counts down, sets up, is ready, and is late", () => {
  const phases = [-11, -10, -1, 0, 119, 120].map((one) => startOf(START, event, minutes(one)).phase);
  expect(phases).toEqual(["before", "setting-up", "setting-up", "ready", "ready", "late"]);
});

it("may go LIVE again until the scheduled end after a session has ended", () => {
  const sessions = [{ session_id: "s", number: 1, start_time: "2026-11-30T18:00:00Z", end_time: "2026-11-30T18:30:00Z" }];
  expect(startOf(START, { ...event, sessions }, minutes(40))).toEqual({ phase: "again", start: START, end: minutes(120) });
});

it("knows the start before the event has been read, and not the end", () => {
  expect(startOf(START, undefined, minutes(-5))).toEqual({ phase: "setting-up", start: START, end: undefined });
  expect(startOf(START, undefined, minutes(500)).phase).toBe("ready");
});

it("says how long it is until then", () => {
  expect(leftUntil(START, minutes(-1) - 500)).toEqual({ days: 0, hours: 0, minutes: 1, seconds: 1 });
  expect(leftUntil(START, START - (2 * 86_400 + 3 * 3600 + 4 * 60 + 5) * 1000)).toEqual({ days: 2, hours: 3, minutes: 4, seconds: 5 });
  expect(leftUntil(START, minutes(3))).toEqual({ days: 0, hours: 0, minutes: 0, seconds: 0 });
});
