import { expect, it } from "vitest";
import type { LiveEvent } from "../../api/events";
import { entryOfEvent, hasOpenEnd, isMovable, standOf } from "./entries";

const event: LiveEvent = {
  event_id: "e", account_id: "a", title: "Evening", start_time: "2026-11-30T18:00:00Z", end_time: "2026-11-30T20:00:00Z",
  duration_minutes: 120, time_zone: "Europe/Berlin", state: "scheduled", version: 1,
};
const now = Date.parse("2026-11-30T18:30:00Z");

it("tells an event that was held from one that was missed", () => {
  const held = [{ session_id: "s", number: 1, start_time: "2026-11-30T18:00:10Z", end_time: "2026-11-30T19:00:00Z" }];
  expect(standOf({ state: "ended", sessions: held })).toBe("over");
  expect(standOf({ state: "ended", sessions: [{ session_id: "s", number: 1 }] })).toBe("missed");
  expect(standOf({ state: "running_over", sessions: held })).toBe("on-air");
  expect(standOf({ state: "ready" })).toBe("soon");
});

it("counts a session that is on air until now", () => {
  const sessions = [
    { session_id: "s1", number: 1, start_time: "2026-11-30T18:00:00Z", end_time: "2026-11-30T18:10:00Z" },
    { session_id: "s2", number: 2, start_time: "2026-11-30T18:20:00Z" },
    { session_id: "s3", number: 3 },
  ];
  const { onAir } = entryOfEvent({ ...event, state: "live", sessions }, now);
  expect(onAir.map(({ start, end }) => (end - start) / 60_000)).toEqual([10, 10]);
});

it("lets an event be moved before its start, and its end alone while it runs", () => {
  const may = (state: LiveEvent["state"]) => {
    const entry = entryOfEvent({ ...event, state, sessions: [] }, now);
    return [isMovable(entry), hasOpenEnd(entry)];
  };
  expect([may("scheduled"), may("ready"), may("live"), may("paused"), may("ended")]).toEqual([
    [true, true], [true, true], [false, true], [false, true], [false, false],
  ]);
});
