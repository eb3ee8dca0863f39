import { describe, expect, it } from "vitest";
import type { Activity } from "../api/types";
import { EMPTY_FEED, merge } from "./feed";

const said = (position: number, more: Partial<Activity> = {}): Activity => ({
  position,
  kind: "comment",
  subject_id: `c${position}`,
  time: "2026-11-22T10:00:00Z",
  summary: `line ${position}`,
  ...more,
});
const positions = (feed: typeof EMPTY_FEED) => feed.items.map((item) => item.position);

describe("merge", () => {
  it("keeps the order of the log, whatever the order of arrival", () => {
    const feed = merge(merge(EMPTY_FEED, [said(5), said(2)]), [said(4), said(3), said(1)]);
    expect(positions(feed)).toEqual([5, 4, 3, 2, 1]);
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

  it("stays within its limit and says that older lines fell out", () => {
    let feed = EMPTY_FEED;
    for (let position = 1; position <= 1000; position++) feed = merge(feed, [said(position)], 100);
    expect(positions(feed)).toEqual(Array.from({ length: 100 }, (_, row) => 1000 - row));
    expect(feed.cut).toBe(true);
  });
});
