import { describe, expect, it } from "vitest";
import type { Activity } from "../api/types";
import { EMPTY_FEED, floorOf, LANES, linesOf, merge, mergeOlder } from "./feed";

const said = (position: number, more: Partial<Activity> = {}): Activity => ({
  position,
  kind: "comment",
  subject_id: `c${position}`,
  time: "2026-11-22T10:00:00Z",
  summary: `line ${position}`,
  ...more,
});
const positions = (lines: readonly Activity[]) => lines.map((item) => item.position);

describe("merge", () => {
  it("keeps the order of the log, whatever the order of arrival", () => {
    const feed = merge(merge(EMPTY_FEED, [said(5), said(2)]), [said(4), said(3), said(1)]);
    expect(positions(feed.items)).toEqual([5, 4, 3, 2, 1]);
    expect(feed.last).toBe(5);
  });

  it("shows what is told twice once", () => {
    const first = merge(EMPTY_FEED, [said(1), said(2)]);
    expect(merge(first, [said(2), said(1)])).toBe(first);
  });

  it("lets a newer word about the same thing replace the older one", () => {
    const placed = said(3, { kind: "order", subject_id: "o1", state: "placed" });
    const paid = said(8, { kind: "order", subject_id: "o1", state: "paid" });
    for (const order of [[placed, paid], [paid, placed]]) {
      const feed = merge(merge(EMPTY_FEED, [order[0]!]), [order[1]!]);
      expect(feed.items).toEqual([paid]);
    }
  });

  it("does not let a busy chat push out the orders, and leaves no gap among all", () => {
    let feed = merge(EMPTY_FEED, [said(1, { kind: "order", subject_id: "o1" })]);
    for (let position = 2; position <= 1000; position++) feed = merge(feed, [said(position)], 100);
    expect(positions(linesOf(feed, ["order"]))).toEqual([1]);
    expect(positions(linesOf(feed, LANES))).toEqual(Array.from({ length: 100 }, (_, row) => 1000 - row));
    expect(feed.items.length).toBe(101);
    expect(floorOf(feed, LANES)).toBe(900);
    expect(floorOf(feed, ["order"])).toBe(0);
  });

  it("takes older lines in, down to where they reach", () => {
    let feed = EMPTY_FEED;
    for (let position = 1; position <= 300; position++) feed = merge(feed, [said(position)], 100);
    feed = mergeOlder(feed, Array.from({ length: 50 }, (_, row) => said(200 - row)), LANES, true, 150);
    expect(positions(linesOf(feed, LANES))).toEqual(Array.from({ length: 150 }, (_, row) => 300 - row));
    expect(floorOf(feed, LANES)).toBe(150);
    feed = mergeOlder(feed, Array.from({ length: 150 }, (_, row) => said(150 - row)), LANES, false, 500);
    expect(linesOf(feed, LANES).length).toBe(300);
    expect(floorOf(feed, LANES)).toBe(0);
  });
});
