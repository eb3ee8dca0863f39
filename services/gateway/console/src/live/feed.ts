// The activity feed as a pure value: newest first, no gap, no repeat, bounded.

import type { Activity } from "../api/types";

/** Enough to scroll back for a while, small enough for a LIVE of sixteen hours. Older lines are fetched on request. */
export const FEED_LIMIT = 500;

export interface Feed {
  /** Newest first. */
  items: readonly Activity[];
  /** The greatest position ever merged: where a catch-up starts. */
  last: number;
  /** True when older lines have fallen out. */
  cut: boolean;
}

export const EMPTY_FEED: Feed = { items: [], last: 0, cut: false };

const keyOf = (item: Activity) => `${item.kind}:${item.subject_id || item.position}`;

/**
 * Merges activities in any order. What is told again about the same subject replaces what was there (an order that has
 * been paid), unless it is older. Beyond `limit` the oldest fall out.
 */
export function merge(feed: Feed, incoming: readonly Activity[], limit = FEED_LIMIT): Feed {
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
  const items = [...known.values()].sort((a, b) => b.position - a.position);
  return { items: items.slice(0, limit), last, cut: feed.cut || items.length > limit };
}

function same(a: Activity, b: Activity): boolean {
  return a.position === b.position && a.state === b.state && a.summary === b.summary;
}
