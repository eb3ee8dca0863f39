import { useEffect, useRef } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import type { Metric, Trend } from "../../api/types";
import { t } from "../../i18n";
import { useTheme } from "../../lib/theme";
import { chartData, chartOptions } from "./chart";

interface Props {
  trend: Trend;
  metrics: ReadonlyMap<string, Metric | undefined>;
  names: ReadonlyMap<string, string>;
  /** A part was marked with the pointer: bounds in milliseconds. */
  onZoom: (from: number, until: number) => void;
}

const HEIGHT = 280;

export function TrendChart({ trend, metrics, names, onZoom }: Props) {
  const frame = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot | null>(null);
  const latest = useRef({ trend, names, onZoom });
  latest.current = { trend, names, onZoom };
  const theme = useTheme();
  const shape = trend.series.map((one) => `${one.metric}/${one.currency ?? ""}/${metrics.get(one.metric)?.title}`).join();

  // The chart is built again only when its series or its colours change; new numbers are put into the one that stands.
  useEffect(() => {
    const box = frame.current;
    if (!box) return undefined;
    const width = () => Math.max(280, box.clientWidth);
    const built = new uPlot(
      chartOptions({ latest, metrics, width: width(), height: HEIGHT }),
      chartData(latest.current.trend),
      box,
    );
    chart.current = built;
    const watcher = new ResizeObserver(() => built.setSize({ width: width(), height: HEIGHT }));
    watcher.observe(box);
    return () => {
      watcher.disconnect();
      built.destroy();
      chart.current = null;
    };
    // `shape` stands for the series and for what the registry says about them.
  }, [shape, theme]);

  useEffect(() => chart.current?.setData(chartData(trend)), [trend]);

  return <div ref={frame} className="chart" role="img" aria-label={t("trends.chart")} />;
}
