import { type KeyboardEvent, useId, useMemo, useRef, useState } from "react";
import type uPlot from "uplot";
import type { Registry } from "../../api/queries";
import type { Metric, PinInterval, Trend } from "../../api/types";
import { t } from "../../i18n";
import { clock, list, metricValue, minute, reading } from "../../lib/format";
import { MetricTip } from "../../ui/MetricTip";
import { part } from "../../ui/part";
import { Lane, type LaneMark } from "./Lane";
import type { MetricChartProps } from "./MetricChart";
import { addsUp, AXIS_PX, chartHeight, END_PX, type Span, spanOf, type Wiring } from "./scale";

interface Props {
  /** The points that are over. */
  trend: Trend;
  metrics: Registry;
  names: ReadonlyMap<string, string>;
  onRange: (from: number, until: number) => void;
  onReset: () => void;
}

/** What draws comes after the page: its place is held meanwhile. */
const MetricChart = part<MetricChartProps>(
  () => import("./MetricChart").then((file) => file.MetricChart),
  ({ last }) => <div className="metric-chart" style={{ blockSize: chartHeight(last) }} aria-hidden="true" />,
);

const JUMP = 10;
const MOST_PINS = 80;

/** Small charts on one time, with lanes of what happened above them. The pointer, a finger and the keyboard move one cursor. */
export function Stack({ trend, metrics, names, onRange, onReset }: Props) {
  const group = useId();
  const [at, setAt] = useState<number | null>(null);
  const charts = useRef(new Map<string, uPlot>());
  const span = useMemo(() => spanOf(trend), [trend]);
  const pins = trend.pins ?? [];
  const wiring = useRef<Wiring>(null!);
  wiring.current = { span, pins, onCursor: setAt, onMark: onRange, onReset };
  const cursor = at !== null && at < trend.times.length ? at : null;
  return (
    <div className="stack-charts">
      {pins.length > 0 && (
        <Lane
          name={t("lane.pins")}
          label={t("trends.pins")}
          span={span}
          marks={pins.slice(-MOST_PINS).map((pin) => pinMark(pin, names, span))}
          onPress={({ from, until }) => onRange(from, until)}
        />
      )}
      <div className="charts">
        {trend.series.map(({ metric: name }, index) => (
          <figure key={name} className="chart-row" data-metric={name}>
            <ChartHead trend={trend} name={name} metric={metrics.get(name)} series={index} at={cursor} />
            <MetricChart
              trend={trend}
              name={name}
              metric={metrics.get(name)}
              series={index}
              group={group}
              wiring={wiring}
              charts={charts}
              last={index === trend.series.length - 1}
            />
          </figure>
        ))}
        <Keys trend={trend} metrics={metrics} at={cursor} setAt={setAt} charts={charts} onRange={onRange} onReset={onReset} />
      </div>
    </div>
  );
}

function pinMark(pin: PinInterval, names: ReadonlyMap<string, string>, span: Span): LaneMark {
  const text = names.get(pin.product_id) ?? t("orders.product");
  const until = pin.end_time ? clock(pin.end_time) : t("trends.pinned-now");
  return {
    id: `${pin.product_id}${pin.start_time}`,
    text,
    label: t("lane.pin", { product: text, from: clock(pin.start_time), until }),
    from: Date.parse(pin.start_time),
    until: pin.end_time ? Date.parse(pin.end_time) : span.end,
  };
}

interface HeadProps {
  trend: Trend;
  name: string;
  metric: Metric | undefined;
  series: number;
  at: number | null;
}

/** The legend of one chart: what it shows, and its value at the cursor; without one, all of it or its newest. */
function ChartHead({ trend, name, metric, series, at }: HeadProps) {
  const { points = [], currency } = trend.series.find((one) => one.metric === name) ?? {};
  const unit = metric?.unit ?? "count";
  const known = points.filter((point) => point.value != null);
  const total = addsUp(metric) && at === null;
  const value = at !== null ? points[at]?.value : total ? known.reduce((sum, point) => sum + point.value!, 0) : known.at(-1)?.value;
  const when = at !== null ? minute(trend.times[at]!) : t(total ? "chart.total" : "chart.last");
  return (
    <figcaption className="chart-head">
      <span className={`swatch series-${(series % 6) + 1}`} aria-hidden="true" />
      <span className="chart-name">{metric?.title ?? name}</span>
      <MetricTip metric={metric} />
      <span className="chart-value tabular">
        <span className="muted small">{when}</span>{" "}
        <strong>{known.length === 0 || value == null ? reading(undefined, unit) : metricValue(value, unit, currency)}</strong>
      </span>
    </figcaption>
  );
}

interface KeysProps {
  trend: Trend;
  metrics: Registry;
  at: number | null;
  setAt: (at: number | null) => void;
  charts: React.RefObject<Map<string, uPlot>>;
  onRange: (from: number, until: number) => void;
  onReset: () => void;
}

/** The keyboard's way through the charts: arrows move the cursor, with Shift they mark a part, Enter shows it, Escape all. */
function Keys({ trend, metrics, at, setAt, charts, onRange, onReset }: KeysProps) {
  const [anchor, setAnchor] = useState<number | null>(null);
  const last = trend.times.length - 1;
  const time = (index: number) => Date.parse(trend.times[index]!);
  const show = (index: number, from: number | null) => {
    setAt(index);
    for (const chart of charts.current.values()) {
      const left = chart.valToPos(time(index) / 1000, "x");
      chart.setCursor({ left, top: 1 }, false);
      const other = from === null ? left : chart.valToPos(time(from) / 1000, "x");
      const height = chart.over.clientHeight;
      chart.setSelect({ left: Math.min(left, other), width: Math.abs(left - other), top: 0, height }, false);
    }
  };
  const steps: Record<string, (index: number) => number> = {
    ArrowLeft: (index) => index - 1,
    ArrowRight: (index) => index + 1,
    PageDown: (index) => index - JUMP,
    PageUp: (index) => index + JUMP,
    Home: () => 0,
    End: () => last,
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const now = at ?? last;
    const step = steps[event.key];
    if (step) {
      const from = event.shiftKey ? (anchor ?? now) : null;
      setAnchor(from);
      show(Math.min(last, Math.max(0, step(now))), from);
    } else if (event.key === "Enter" && anchor !== null && anchor !== now) {
      onRange(time(Math.min(anchor, now)), time(Math.max(anchor, now)) + trend.step_minutes * 60_000);
      leave();
    } else if (event.key === "Escape") {
      if (anchor === null) onReset();
      leave();
    } else return;
    event.preventDefault();
  };
  const leave = () => {
    setAnchor(null);
    setAt(null);
    for (const chart of charts.current.values()) {
      chart.setSelect({ left: 0, width: 0, top: 0, height: 0 }, false);
      chart.setCursor({ left: -10, top: -10 }, false);
    }
  };
  const values = trend.series.map((one) => {
    const metric = metrics.get(one.metric);
    return `${metric?.title ?? one.metric} ${reading({ metric: one.metric, ...one.points[at ?? last] }, metric?.unit ?? "count", one.currency)}`;
  });
  return (
    <div
      className="chart-keys"
      role="slider"
      tabIndex={0}
      style={{ insetInlineStart: AXIS_PX, insetInlineEnd: END_PX }}
      aria-label={t("timeline.cursor")}
      aria-description={t("timeline.keys")}
      aria-valuemin={0}
      aria-valuemax={Math.max(1, last)}
      aria-valuenow={at ?? last}
      aria-valuetext={list([minute(trend.times[at ?? last]!), ...values])}
      onKeyDown={onKeyDown}
      onBlur={leave}
    />
  );
}
