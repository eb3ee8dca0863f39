import { useMemo, useState } from "react";
import { type Registry, useTrend } from "../../api/queries";
import type { Board, PinInterval } from "../../api/types";
import { t } from "../../i18n";
import { clock, minute } from "../../lib/format";
import { useNow } from "../../lib/now";
import { isStrings, useStored } from "../../lib/stored";
import { Button } from "../../ui/Button";
import { Select } from "../../ui/Select";
import { EmptyState } from "../../ui/EmptyState";
import { ProblemNote } from "../../ui/Notes";
import { Skeleton } from "../../ui/Skeleton";
import { Columns } from "../live/Columns";
import { type Bounds, type Interval, LAST_MINUTES, resolve, shift, WHOLE, within, zoom } from "./interval";
import { boardNow, freshness } from "./TopBar";
import { TrendChart } from "./TrendChart";
import { TrendTable } from "./TrendTable";
import { firstPoints, overUntil, pointsOver } from "./whole";

const DEFAULT = ["viewers_now", "gmv"];
const MOST_METRICS = 6;

interface Props {
  board: Board;
  metrics: Registry;
  names: ReadonlyMap<string, string>;
  running: boolean;
}

/** Any metrics together over any part of the session, with pins as markers. */
export function Trends({ board, metrics, names, running }: Props) {
  const { session } = board;
  const [chosen, setChosen] = useStored("trend-metrics", DEFAULT, isStrings);
  const [interval, setInterval] = useState<Interval>(WHOLE);
  const now = useNow(running);
  const start = session.start_time ? Date.parse(session.start_time) : 0;
  const span: Bounds = { start, end: Math.max(boardNow(board, now), start + 60_000) };
  const shown = resolve(interval, span);
  const upToNow = interval.kind !== "range" || shown.end >= span.end;
  const trend = useTrend(
    session.session_id,
    {
      metrics: start > 0 ? chosen.filter((name) => metrics.has(name)) : [],
      from: interval.kind === "whole" ? undefined : atMinute(shown.start, start),
      // The newest end is the server's to choose: it knows how far the rollups go.
      until: upToNow ? undefined : new Date(shown.end).toISOString(),
    },
    running,
  );
  const over = trend.data && pointsOver(trend.data, overUntil(trend.data, session, upToNow));
  const drawn = useMemo(() => trend.data && firstPoints(trend.data, over ?? 0), [trend.data, over]);
  const units = useMemo(
    () => new Map(chosen.map((name) => [name, metrics.get(name)] as const)),
    [chosen, metrics],
  );

  return (
    <section className="panel" aria-labelledby="trends-title">
      <header className="panel-head">
        <h2 id="trends-title">{t("trends")}</h2>
        <div className="row trend-tools">
          <IntervalTools interval={interval} span={span} onChange={setInterval} />
          <Columns metrics={metrics} chosen={chosen} onChange={setChosen} label={t("trends.metrics")} most={MOST_METRICS} />
        </div>
      </header>
      {trend.error && <ProblemNote error={trend.error} retry={() => void trend.refetch()} />}
      {chosen.length === 0 && <EmptyState title={t("trends.choose")} />}
      {chosen.length > 0 && trend.isLoading && <Skeleton lines={5} />}
      {(start === 0 || (drawn?.times.length === 0 && !session.end_time)) && <EmptyState title={t("trends.none")} />}
      {chosen.length > 0 && trend.data && drawn && trend.data.times.length > 0 && (
        <>
          {drawn.times.length > 0 && (
            <TrendChart
              trend={drawn}
              metrics={units}
              names={names}
              onZoom={(from, until) => setInterval(within(from, until, span))}
            />
          )}
          <div className="trend-foot">
            <Pins pins={trend.data.pins ?? []} names={names} />
            <span className="tile-fresh">
              {[t("trends.step", { n: trend.data.step_minutes }), freshness(board)].filter(Boolean).join(" · ")}
            </span>
          </div>
          {drawn !== trend.data && <p className="muted small">{t(session.end_time ? "trends.cut" : "trends.running")}</p>}
          <TrendTable trend={trend.data} over={drawn.times.length} metrics={units} />
        </>
      )}
    </section>
  );
}

/** Rollups are by the minute, and a bound before the session's start is refused. */
function atMinute(time: number, start: number): string {
  return new Date(Math.max(start, Math.floor(time / 60_000) * 60_000)).toISOString();
}

interface ToolsProps {
  interval: Interval;
  span: Bounds;
  onChange: (interval: Interval) => void;
}

function IntervalTools({ interval, span, onChange }: ToolsProps) {
  const value = interval.kind === "last" ? String(interval.minutes) : interval.kind;
  const choices = [
    { id: "whole", text: t("interval.whole") },
    ...LAST_MINUTES.map((minutes) => ({ id: String(minutes), text: t("interval.last", { n: minutes }) })),
  ];
  const shown = resolve(interval, span);
  if (interval.kind === "range") {
    choices.push({ id: "range", text: `${minute(shown.start)} – ${minute(shown.end)}` });
  }
  const choose = (id: string) => {
    if (id !== "range") onChange(id === "whole" ? WHOLE : { kind: "last", minutes: Number(id) });
  };
  return (
    <>
      <span className="row zoom">
        <Button kind="quiet" small repeats aria-label={t("interval.earlier")} isDisabled={shown.start <= span.start} onPress={() => onChange(shift(interval, span, -0.5))}>
          <span aria-hidden="true">←</span>
        </Button>
        <Button kind="quiet" small repeats aria-label={t("interval.in")} onPress={() => onChange(zoom(interval, span, 0.5))}>
          <span aria-hidden="true">+</span>
        </Button>
        <Button kind="quiet" small repeats aria-label={t("interval.out")} isDisabled={interval.kind === "whole"} onPress={() => onChange(zoom(interval, span, 2))}>
          <span aria-hidden="true">−</span>
        </Button>
        <Button kind="quiet" small repeats aria-label={t("interval.later")} isDisabled={shown.end >= span.end} onPress={() => onChange(shift(interval, span, 0.5))}>
          <span aria-hidden="true">→</span>
        </Button>
      </span>
      <Select label={t("interval")} hideLabel value={value} choices={choices} onChange={choose} />
    </>
  );
}

const MOST_PINS = 8;

function Pins({ pins, names }: { pins: PinInterval[]; names: ReadonlyMap<string, string> }) {
  if (pins.length === 0) return <span />;
  return (
    <ul className="pins small" aria-label={t("trends.pins")}>
      {pins.slice(-MOST_PINS).map((pin) => (
        <li key={`${pin.product_id}${pin.start_time}`}>
          <span className="pin-mark" aria-hidden="true" />
          {names.get(pin.product_id) ?? t("orders.product")}{" "}
          <span className="muted tabular">
            {clock(pin.start_time)} – {pin.end_time ? clock(pin.end_time) : t("trends.pinned-now")}
          </span>
        </li>
      ))}
    </ul>
  );
}
