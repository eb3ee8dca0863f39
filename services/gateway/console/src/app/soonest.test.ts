import { expect, test } from "vitest";
import { isSoon } from "./soonest";

const START = Date.parse("2026-05-01T20:00:00Z");
const MINUTE = 60_000;
const at = (minutes: number) => new Date(START + minutes * MINUTE).toISOString();
const event = (...starts: (number | undefined)[]) => ({
  start_time: at(0),
  sessions: starts.map((start, n) => ({ session_id: String(n), number: n + 1, ...(start !== undefined && { start_time: at(start) }) })),
});
const soon = (minutes: number, ...starts: (number | undefined)[]) => isSoon(event(...starts), START + minutes * MINUTE);

test("an event is soon from ten minutes before its start until it is on air", () => {
  expect([-11, -10, 0, 14, 15].map((minutes) => soon(minutes, undefined))).toEqual([false, true, true, true, false]);
  expect([soon(2, 1), soon(5, 1, undefined), soon(-5)]).toEqual([false, false, false]);
});

test("an event that was moved while it went on air is soon again", () => {
  expect([soon(-5, -90, undefined), soon(5, -90, undefined), soon(-5, -90)]).toEqual([true, true, false]);
});
