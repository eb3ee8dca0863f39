// How one metric is drawn over time with uPlot: one unit, one axis. All charts of a stack share the time and the cursor.

import type { RefObject } from "react";
import uPlot from "uplot";
import type { Metric, Trend } from "../../api/types";
import { metricValue, minute } from "../../lib/format";
import { addsUp, AXIS_PX, chartHeight, END_PX, TIMES_PX, type Wiring } from "./scale";

/** Room for the lower half of the axis' lowest number. */
const GROUND_PX = 7;

interface Setup {
  wiring: RefObject<Wiring>;
  metric: Metric | undefined;
  currency: string | undefined;
  series: number;
  group: string;
  width: number;
  last: boolean;
}

/** uPlot counts in seconds; a missing point is a gap, not a zero. */
export const chartData = (trend: Trend, name: string): uPlot.AlignedData => [
  trend.times.map((time) => Date.parse(time) / 1000),
  (trend.series.find((one) => one.metric === name)?.points ?? []).map((point) => point.value ?? null),
];

export const seriesColour = (index: number) => token(`--series-${(index % 6) + 1}`);

function token(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

export function chartOptions({ wiring, metric, currency, series, group, width, last }: Setup): uPlot.Options {
  const colour = seriesColour(series);
  return {
    width,
    height: chartHeight(last),
    padding: [8, END_PX, 0, 0],
    legend: { show: false },
    scales: {
      x: { time: true, range: () => [wiring.current.span.start / 1000, wiring.current.span.end / 1000] },
      y: { range: fromZero },
    },
    cursor: {
      sync: { key: group, setSeries: false },
      drag: { x: true, y: false, setScale: false },
      points: { size: 7 },
      bind: { dblclick: () => () => (wiring.current.onReset(), null) },
    },
    axes: [timeAxis(last), valueAxis(metric, currency)],
    series: [{}, addsUp(metric) ? bars(colour) : lines(colour)],
    hooks: {
      setCursor: [(chart) => wiring.current.onCursor(chart.cursor.idx ?? null)],
      setSelect: [(chart) => mark(chart, wiring.current)],
      drawClear: [(chart) => drawPins(chart, wiring.current)],
    },
  };
}

const bars = (colour: string): uPlot.Series => ({
  paths: uPlot.paths.bars!({ size: [0.78, 64], align: 1 }),
  fill: colour,
  width: 0,
  points: { show: false },
});

/** A line of a single point would not be seen. */
const lines = (colour: string): uPlot.Series => ({ stroke: colour, width: 1.75, points: { show: (chart) => chart.data[0].length < 3 } });

/** Counts and money start at zero, so that a height means a size; a little air above. */
function fromZero(_chart: uPlot, low: number | null, high: number | null): uPlot.Range.MinMax {
  return [Math.min(0, low ?? 0), Math.max(high ?? 0, 0) * 1.08 || 1];
}

/** Points are minutes, so no line stands between two of them. */
const TIME_STEPS_S = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360].map((minutes) => minutes * 60);

const axisFont = () => `11px ${token("--font")}`;

function timeAxis(last: boolean): uPlot.Axis {
  return {
    size: last ? TIMES_PX : GROUND_PX,
    space: 64,
    incrs: TIME_STEPS_S,
    stroke: token("--ink-2"),
    font: axisFont(),
    grid: { stroke: token("--line"), width: 1 },
    ticks: { show: false },
    values: (_chart, times) => (last ? times.map((time) => minute(time * 1000)) : []),
  };
}

function valueAxis(metric: Metric | undefined, currency: string | undefined): uPlot.Axis {
  return {
    size: AXIS_PX,
    space: 30,
    stroke: token("--ink-2"),
    font: axisFont(),
    grid: { stroke: token("--line"), width: 1 },
    ticks: { show: false },
    values: (_chart, values) => distinct(values.map((value) => metricValue(value, metric?.unit ?? "count", currency, true))),
  };
}

/** Short labels round: where two neighbours would say the same, only the first is written. */
export const distinct = (labels: string[]) => labels.map((label, at) => (label === labels[at - 1] ? "" : label));

const SMALLEST_DRAG_PX = 8;

function mark(chart: uPlot, { onMark }: Wiring): void {
  const { left, width } = chart.select;
  if (width < SMALLEST_DRAG_PX) return;
  onMark(chart.posToVal(left, "x") * 1000, chart.posToVal(left + width, "x") * 1000);
  chart.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
}

/** Lays the time for which a product was pinned behind the numbers. */
function drawPins(chart: uPlot, { pins }: Wiring): void {
  const { ctx, bbox } = chart;
  const right = bbox.left + bbox.width;
  ctx.save();
  ctx.fillStyle = token("--pin-band");
  for (const pin of pins) {
    const from = Math.max(bbox.left, chart.valToPos(Date.parse(pin.start_time) / 1000, "x", true));
    const until = pin.end_time ? Math.min(right, chart.valToPos(Date.parse(pin.end_time) / 1000, "x", true)) : right;
    if (until > bbox.left && from < right) ctx.fillRect(from, bbox.top, Math.max(1, until - from), bbox.height);
  }
  ctx.restore();
}
