import { expect, test } from "vitest";
import { countdown } from "./countdown";

const NOW = Date.parse("2026-05-04T18:00:00Z");
const at = (text: string) => countdown(Date.parse(text), NOW);

test("days and hours, hours and minutes, minutes and seconds", () => {
  expect(at("2026-05-06T20:59:59Z")).toEqual({ kind: "days", days: 2, hours: 2 });
  expect(at("2026-05-05T18:00:00Z")).toEqual({ kind: "days", days: 1, hours: 0 });
  expect(at("2026-05-05T17:59:59Z")).toEqual({ kind: "hours", hours: 23, minutes: 59 });
  expect(at("2026-05-04T18:59:59Z")).toEqual({ kind: "minutes", minutes: 59, seconds: 59 });
  expect(at("2026-05-04T18:00:01Z")).toEqual({ kind: "minutes", minutes: 0, seconds: 1 });
});

test("what has begun is now", () => {
  expect(at("2026-05-04T18:00:00Z")).toEqual({ kind: "now" });
  expect(at("2026-05-04T17:00:00Z")).toEqual({ kind: "now" });
});
