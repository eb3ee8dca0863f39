// The activity feed as a pure value: newest first, no gap, no repeat, bounded.

import type { Activity } from "../api/types";

/** What is kept apart, so that a busy chat does not push out the orders. */
export const LANES = ["general", "product", "order", "follow", "gift"] as const;
export type Lane = (typeof LANES)[number];

/** Lines kept per lane: enough to scroll back for a while, small enough for a LIVE of sixteen hours. Older ones are fetched
 * on request. */
export const LANE_LIMIT = 300;

export interface Feed {
  /** Newest first. */
  items: readonly Activity[];
  /** The greatest position ever merged: where a catch-up starts. */
  last: number;
  /** Per lane: above this position nothing is missing. 0 when everything is here. */
  floors: Readonly<Record<Lane, number>>;
}

const perLane = (value: (lane: Lane) => number) =>
  Object.fromEntries(LANES.map((lane) => [lane, value(lane)])) as Record<Lane, number>;

export const EMPTY_FEED: Feed = { items: [], last: 0, floors: perLane(() => 0) };
/** Before anything was read: whatever comes in meanwhile waits for the first page, so that no gap shows. */
export const UNREAD_FEED: Feed = { ...EMPTY_FEED, floors: perLane(() => Infinity) };

const keyOf = (item: Activity) => `${item.kind}:${item.subject_id || item.position}`;

export function laneOf(item: Activity): Lane {
  if (item.kind !== "comment") return item.kind;
  return item.product_id ? "product" : "general";
}

/**
 * Merges activities in any order. What is told again about the same subject replaces what was there (an order that has
 * been paid), unless it is older. Beyond `limit` the oldest of a lane fall out.
 */
export function merge(feed: Feed, incoming: readonly Activity[], limit = LANE_LIMIT): Feed {
  if (incoming.length === 0) return feed;
  const known = new Map(feed.items.map((item) => [keyOf(item), item]));
  let last = feed.last;
  let changed = false;
  for (const item of incoming) {
    last = Math.max(last, item.position);
    const before = known.get(keyOf(item));
    if (before && (before.position > item.position || same(before, item))) continue;
    known.set(keyOf(item), item);
    changed = true;
  }
  if (!changed) return last === feed.last ? feed : { ...feed, last };
  return cut([...known.values()].sort((a, b) => b.position - a.position), last, feed.floors, limit);
}

function cut(sorted: Activity[], last: number, before: Feed["floors"], limit: number): Feed {
  const kept = perLane(() => 0);
  const floors = { ...before };
  const items = sorted.filter((item) => {
    const lane = laneOf(item);
    if (++kept[lane] <= limit) return true;
    floors[lane] = Math.max(floors[lane], item.position);
    return false;
  });
  return { items, last, floors };
}

/** The lines of some lanes as far as all of them reach: below that one of them would have a gap. */
export function linesOf(feed: Feed, lanes: readonly Lane[]): readonly Activity[] {
  const floor = floorOf(feed, lanes);
  return feed.items.filter((item) => item.position > floor && lanes.includes(laneOf(item)));
}

/** Above this position nothing is missing in any of the lanes; 0 when there is nothing older. */
export const floorOf = (feed: Feed, lanes: readonly Lane[]) => Math.max(...lanes.map((lane) => feed.floors[lane]));

/** Merges what was read before `floorOf(lanes)`, newest first; `more` when there is still older. */
export function mergeOlder(feed: Feed, page: readonly Activity[], lanes: readonly Lane[], more: boolean, limit: number): Feed {
  const floor = more ? (page.at(-1)?.position ?? 1) - 1 : 0;
  const floors = perLane((lane) => (lanes.includes(lane) ? Math.min(feed.floors[lane], floor) : feed.floors[lane]));
  return merge({ ...feed, floors }, page, limit);
}

function same(a: Activity, b: Activity): boolean {
  return a.position === b.position && a.state === b.state && a.summary === b.summary;
}
