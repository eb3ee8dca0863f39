// Until when a number is whole. Orders, comments and other facts are told as they come; what viewers look at and click is
// counted a moment later, and says so.

import type { Board, Metric } from "../../api/types";
import { clock } from "../../lib/format";
import { useNow } from "../../lib/now";

/** Metrics that count what is committed at once; others count, or also count, what viewers do. */
const FACTS = new Set([
  "gmv", "direct_gmv", "affiliate_gmv", "refunded", "net_gmv", "commission", "orders", "sku_orders", "units_sold", "buyers",
  "first_time_buyers", "average_order_value", "gmv_per_hour", "duration", "comments", "gifts", "new_followers", "products", "products_featured",
]);

export interface Freshness {
  board: Board;
  /** When the board was read, or last told, in milliseconds. */
  readAt: number;
  /** The stream stands: what has not been told has not happened. */
  current: boolean;
}

/** The moment of a metric's own number, such as "14:51:05"; undefined while there is none. It moves. */
export function useAsOf({ board, readAt, current }: Freshness, metric: Pick<Metric, "name"> | undefined): string | undefined {
  const { session, watermark } = board;
  const now = useNow(current);
  if (!session.start_time || !metric) return undefined;
  if (!FACTS.has(metric.name)) return watermark?.signals_time ? clock(watermark.signals_time) : undefined;
  return clock(current ? Math.max(now, readAt) : readAt);
}
