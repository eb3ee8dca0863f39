// How a trend is drawn with uPlot. Each metric has a scale of its own, so that relations show between numbers of very
// different size; the first two also have an axis, in their colour, and the legend gives every value.

import type { RefObject } from "react";
import uPlot from "uplot";
import type { Metric, Trend, Unit } from "../../api/types";
import { t } from "../../i18n";
import { clock, DASH, metricValue, minute } from "../../lib/format";
import { cut, length } from "../../lib/text";

interface Setup {
  latest: RefObject<{ trend: Trend; names: ReadonlyMap<string, string>; onZoom: (from: number, until: number) => void }>;
  metrics: ReadonlyMap<string, Metric | undefined>;
  width: number;
  height: number;
}

/** uPlot counts in seconds; a missing point is a gap, not a zero. */
export function chartData(trend: Trend): uPlot.AlignedData {
  return [
    trend.times.map((time) => Date.parse(time) / 1000),
    ...trend.series.map((one) => one.points.map((point) => point.value ?? null)),
  ];
}

export const seriesColour = (index: number) => token(`--series-${(index % 6) + 1}`);

function token(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

export function chartOptions({ latest, metrics, width, height }: Setup): uPlot.Options {
  const shown = latest.current.trend.series;
  const unit = (metric: string): Unit => metrics.get(metric)?.unit ?? "count";
  return {
    width,
    height,
    padding: [12, 4, 0, 4],
    scales: Object.fromEntries([
      ["x", { time: true }],
      ...shown.map((one) => [one.metric, { range: fromZero }]),
    ]) as uPlot.Scales,
    cursor: { drag: { x: true, y: false, setScale: false }, points: { size: 6 } },
    legend: { live: true },
    axes: [
      timeAxis(),
      ...shown.slice(0, 2).map((one, index) => valueAxis(one.metric, unit(one.metric), one.currency, index)),
    ],
    series: [
      { label: t("trends.time"), value: (_chart, time) => (time == null ? DASH : clock(time * 1000)) },
      ...shown.map((one, index): uPlot.Series => ({
        label: metrics.get(one.metric)?.title ?? one.metric,
        scale: one.metric,
        stroke: seriesColour(index),
        width: 1.75,
        points: { show: false },
        value: (_chart, value) => (value == null ? DASH : metricValue(value, unit(one.metric), one.currency)),
      })),
    ],
    hooks: { setSelect: [(chart) => zoomTo(chart, latest.current.onZoom)], draw: [(chart) => drawPins(chart, latest.current)] },
  };
}

/** Counts and money start at zero, so that a height means a size; a little air above. */
function fromZero(_chart: uPlot, low: number | null, high: number | null): uPlot.Range.MinMax {
  return [Math.min(0, low ?? 0), Math.max(high ?? 0, 0) * 1.08 || 1];
}

/** Points are minutes, so no line stands between two of them. */
const TIME_STEPS_S = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360].map((minutes) => minutes * 60);

const axisFont = () => `12px ${token("--font")}`;

function timeAxis(): uPlot.Axis {
  return {
    size: 30,
    space: 64,
    incrs: TIME_STEPS_S,
    stroke: token("--ink-2"),
    font: axisFont(),
    grid: { stroke: token("--line"), width: 1 },
    ticks: { show: false },
    values: (_chart, times) => times.map((time) => minute(time * 1000)),
  };
}

function valueAxis(metric: string, unit: Unit, currency: string | undefined, index: number): uPlot.Axis {
  return {
    scale: metric,
    side: index === 0 ? 3 : 1,
    size: 68,
    stroke: seriesColour(index),
    font: axisFont(),
    grid: { show: index === 0, stroke: token("--line"), width: 1 },
    ticks: { show: false },
    values: (_chart, values) => distinct(values.map((value) => metricValue(value, unit, currency, true))),
  };
}

/** Short labels round: where two neighbours would say the same, only the first is written. */
export const distinct = (labels: string[]) => labels.map((label, at) => (label === labels[at - 1] ? "" : label));

const SMALLEST_DRAG_PX = 8;

function zoomTo(chart: uPlot, onZoom: (from: number, until: number) => void): void {
  const { left, width } = chart.select;
  if (width < SMALLEST_DRAG_PX) return;
  onZoom(chart.posToVal(left, "x") * 1000, chart.posToVal(left + width, "x") * 1000);
  chart.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
}

const LABEL_CHARACTERS = 18;

const shortened = (name: string) =>
  length(name) > LABEL_CHARACTERS ? `${cut(name, LABEL_CHARACTERS - 1).replace(/[\s,]+$/, "")}…` : name;

/** Marks the time for which each product was pinned. */
function drawPins(chart: uPlot, { trend, names }: { trend: Trend; names: ReadonlyMap<string, string> }): void {
  const { ctx, bbox } = chart;
  const right = bbox.left + bbox.width;
  const ratio = devicePixelRatio || 1;
  let labelledUntil = -Infinity;
  ctx.save();
  for (const pin of trend.pins ?? []) {
    const from = Math.max(bbox.left, chart.valToPos(Date.parse(pin.start_time) / 1000, "x", true));
    const until = pin.end_time ? Math.min(right, chart.valToPos(Date.parse(pin.end_time) / 1000, "x", true)) : right;
    if (until <= bbox.left || from >= right) continue;
    ctx.fillStyle = token("--pin-band");
    ctx.fillRect(from, bbox.top, Math.max(1, until - from), bbox.height);
    ctx.fillStyle = token("--pin");
    ctx.fillRect(from, bbox.top, ratio, bbox.height);
    const label = shortened(names.get(pin.product_id) ?? "");
    if (!label || from < labelledUntil) continue;
    ctx.font = `${11 * ratio}px ${token("--font")}`;
    ctx.fillText(label, from + 5 * ratio, bbox.top + 12 * ratio);
    labelledUntil = from + ctx.measureText(label).width + 16 * ratio;
  }
  ctx.restore();
}
