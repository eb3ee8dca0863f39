// What the stack of charts and its lanes agree on. What draws is in chart.ts, which comes with uPlot once there is something to draw.

import type { Metric, PinInterval, Trend } from "../../api/types";

/** The room of the axis and at the far end; lanes beside the charts keep to the same. */
export const AXIS_PX = 64;
export const END_PX = 20;
export const CHART_PX = 88;
export const TIMES_PX = 24;
/** The last one of a stack has the times below it. */
export const chartHeight = (last: boolean) => CHART_PX + (last ? TIMES_PX : 0);

export interface Span {
  start: number;
  end: number;
}

/** What a chart reads when it draws, and whom it tells. */
export interface Wiring {
  span: Span;
  pins: readonly PinInterval[];
  onCursor: (at: number | null) => void;
  onMark: (from: number, until: number) => void;
  onReset: () => void;
}

/** How much of a session a trend covers, in milliseconds. */
export const spanOf = ({ times, step_minutes }: Trend): Span => ({
  start: Date.parse(times[0] ?? ""),
  end: Date.parse(times.at(-1) ?? "") + step_minutes * 60_000,
});

/** What stands at a moment, or counts different people: its minutes do not add up. */
const LEVELS = new Set(["viewers_now", "pcu", "acu", "unique_viewers", "buyers", "click_uv", "products", "products_featured", "duration"]);

/** What comes by the minute and may be added up is drawn as bars; a level or a rate as a line. */
export const addsUp = (metric: Metric | undefined) => metric !== undefined && !metric.numerator && metric.unit !== "rate" && !LEVELS.has(metric.name);
