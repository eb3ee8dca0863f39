import { parseDate } from "@internationalized/date";
import { expect, it } from "vitest";
import { axisOf, beginOf, blocksOf, dateOf, dayOf, daysOf, ending, momentAt, momentsAt, moved, placeOf, stepped, wallOf } from "./times";

const BERLIN = "Europe/Berlin";
const FORWARD = parseDate("2026-03-29");
const BACK = parseDate("2026-10-25");
const HOUR = 3_600_000;
const at = (time: string) => Date.parse(time);

it("knows days of 23, 24 and 25 hours", () => {
  const hours = (text: string, zone = BERLIN) => {
    const day = dayOf(parseDate(text), zone);
    return (day.end - day.start) / HOUR;
  };
  expect([hours("2026-03-28"), hours("2026-03-29"), hours("2026-10-25")]).toEqual([24, 23, 25]);
  expect([hours("2026-04-05", "Australia/Lord_Howe"), hours("2026-10-04", "Australia/Lord_Howe")]).toEqual([24.5, 23.5]);
});

it("shows a week in which clocks go forward, without the hour that is not there", () => {
  const days = daysOf("week", FORWARD, BERLIN, "en-GB");
  expect(days.map((day) => day.id)).toEqual(["23", "24", "25", "26", "27", "28", "29"].map((day) => `2026-03-${day}`));
  const axis = axisOf(days);
  expect(axis).toHaveLength(48);
  const sunday = days[6]!;
  expect(axis.filter((slot) => beginOf(sunday, slot) === undefined).map((slot) => slot.minute)).toEqual([120, 150]);
  // 03:30 summer time stands beside 03:30, although it is the day's third hour.
  expect(placeOf(at("2026-03-29T01:30:00Z"), sunday, axis)).toBe(7);
  expect(momentAt(4.5, sunday, axis)).toBe(at("2026-03-29T01:00:00Z"));
  expect(axisOf([sunday])).toHaveLength(46);
});

it("gives the hour that clocks show twice two places, and each moment its own", () => {
  const days = daysOf("week", BACK, BERLIN, "en-GB");
  const axis = axisOf(days);
  expect(axis).toHaveLength(50);
  const [saturday, sunday] = [days[5]!, days[6]!];
  expect(placeOf(at("2026-10-25T00:30:00Z"), sunday, axis)).toBe(5); // 02:30 summer time
  expect(placeOf(at("2026-10-25T01:30:00Z"), sunday, axis)).toBe(7); // 02:30 again
  expect(placeOf(at("2026-10-25T02:00:00Z"), sunday, axis)).toBe(8); // 03:00
  expect(placeOf(at("2026-10-24T01:00:00Z"), saturday, axis)).toBe(8); // 03:00, beside it
  expect(beginOf(saturday, { minute: 120, again: true })).toBeUndefined();
  for (const day of days) for (let moment = day.start; moment < day.end; moment += HOUR / 4) expect(momentAt(placeOf(moment, day, axis), day, axis)).toBe(moment);
});

it("says which of two moments a time is", () => {
  expect(wallOf(at("2026-10-25T00:30:00Z"), BERLIN)).toEqual({ local_start: "2026-10-25T02:30", occurrence: "earlier" });
  expect(wallOf(at("2026-10-25T01:30:00Z"), BERLIN)).toEqual({ local_start: "2026-10-25T02:30", occurrence: "later" });
  expect(wallOf(at("2026-10-25T02:30:00Z"), BERLIN)).toEqual({ local_start: "2026-10-25T03:30", occurrence: "unspecified" });
});

it("knows how often clocks show a time", () => {
  const often = ["2026-03-29T02:30", "2026-03-29T03:00", "2026-10-25T02:59", "2026-10-25T03:00"].map((time) => momentsAt(time, BERLIN).length);
  expect(often).toEqual([0, 1, 2, 1]);
  expect(momentsAt("2026-04-05T01:45", "Australia/Lord_Howe")).toEqual([at("2026-04-04T14:45:00Z"), at("2026-04-04T15:15:00Z")]);
});

it("moves by days at the same time of the clocks, and by minutes as they pass", () => {
  const evening = { start: at("2026-03-28T17:00:00Z"), end: at("2026-03-28T19:00:00Z") };
  expect(moved(evening, 1, 0, BERLIN)).toEqual({ start: at("2026-03-29T16:00:00Z"), end: at("2026-03-29T18:00:00Z") });
  expect(moved(evening, 0, -30, BERLIN).start).toBe(at("2026-03-28T16:30:00Z"));
});

it("keeps an event between half an hour and 13 hours", () => {
  const span = { start: 0, end: HOUR };
  expect(ending(span, 60_000).end).toBe(HOUR / 2);
  expect(ending(span, 31 * 60_000).end).toBe(31 * 60_000);
  expect(ending(span, 20 * HOUR).end).toBe(13 * HOUR);
});

it("places what overlaps side by side, and what crosses midnight on both days", () => {
  const [monday, tuesday] = daysOf("week", parseDate("2026-11-30"), "UTC", "en-GB") as [ReturnType<typeof dayOf>, ReturnType<typeof dayOf>];
  const axis = axisOf([monday]);
  const span = (from: string, until: string) => ({ start: at(`2026-11-30T${from}:00Z`), end: at(until.length > 5 ? until : `2026-11-30T${until}:00Z`) });
  const blocks = blocksOf([span("10:00", "12:00"), span("11:00", "13:00"), span("12:00", "14:00"), span("22:00", "2026-12-01T01:00:00Z")], monday, axis);
  expect(blocks.map(({ top, height, column, columns }) => [top, height, column, columns])).toEqual([
    [20, 4, 0, 2], [22, 4, 1, 2], [24, 4, 0, 2], [44, 4, 0, 1],
  ]);
  expect(blocksOf([span("22:00", "2026-12-01T01:00:00Z")], tuesday, axis).map(({ top, height }) => [top, height])).toEqual([[0, 2]]);
});

it("shows a month in whole weeks, and steps by what is shown", () => {
  const days = daysOf("month", parseDate("2026-11-15"), "UTC", "en-GB");
  expect([days[0]!.id, days.at(-1)!.id, days.length]).toEqual(["2026-10-26", "2026-12-06", 42]);
  expect(daysOf("month", parseDate("2027-02-10"), "UTC", "en-GB")).toHaveLength(28);
  expect(stepped("month", parseDate("2026-12-31"), 2).toString()).toBe("2027-02-28");
  expect(dateOf(at("2026-11-30T23:30:00Z"), BERLIN).toString()).toBe("2026-12-01");
});
