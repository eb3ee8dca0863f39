import { type RefObject, useEffect, useRef } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import type { Metric, Trend } from "../../api/types";
import { useTheme } from "../../lib/theme";
import { chartData, chartOptions } from "./chart";
import { chartHeight, type Wiring } from "./scale";

export interface MetricChartProps {
  trend: Trend;
  name: string;
  metric: Metric | undefined;
  series: number;
  /** Charts of one group share the cursor. */
  group: string;
  wiring: RefObject<Wiring>;
  last: boolean;
  /** Knows the chart that stands, to move its cursor. */
  charts: RefObject<Map<string, uPlot>>;
}

const NARROWEST = 180;

export function MetricChart({ trend, name, metric, series, group, wiring, last, charts }: MetricChartProps) {
  const frame = useRef<HTMLDivElement>(null);
  const latest = useRef(trend);
  latest.current = trend;
  const theme = useTheme();
  const currency = trend.series.find((one) => one.metric === name)?.currency;

  // The chart is built again only when what it is or its colours change; new numbers are put into the one that stands.
  useEffect(() => {
    const box = frame.current;
    if (!box) return undefined;
    const width = () => Math.max(NARROWEST, box.clientWidth);
    const options = chartOptions({ wiring, metric, currency, series, group, width: width(), last });
    const built = new uPlot(options, chartData(latest.current, name), box);
    charts.current.set(name, built);
    const height = chartHeight(last);
    const watcher = new ResizeObserver(() => built.setSize({ width: width(), height }));
    watcher.observe(box);
    const unlisten = followFinger(built);
    return () => {
      watcher.disconnect();
      unlisten();
      charts.current.delete(name);
      built.destroy();
    };
  }, [name, metric, currency, series, group, last, theme, wiring, charts]);

  useEffect(() => charts.current.get(name)?.setData(chartData(trend, name)), [trend, name, charts]);

  return <div ref={frame} className="metric-chart" aria-hidden="true" />;
}

/** uPlot hears a mouse alone: a finger that moves along the chart moves the cursor. */
function followFinger(chart: uPlot): () => void {
  const follow = (event: PointerEvent) => {
    if (event.pointerType === "mouse") return;
    const { left, top } = chart.over.getBoundingClientRect();
    chart.setCursor({ left: event.clientX - left, top: event.clientY - top });
  };
  chart.over.addEventListener("pointerdown", follow);
  chart.over.addEventListener("pointermove", follow);
  return () => {
    chart.over.removeEventListener("pointerdown", follow);
    chart.over.removeEventListener("pointermove", follow);
  };
}
