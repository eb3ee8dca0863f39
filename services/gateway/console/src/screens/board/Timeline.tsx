import Gauge from "lucide-react/icons/gauge";
import { useMemo, useState } from "react";
import { type Registry, useTrend } from "../../api/queries";
import { t } from "../../i18n";
import { isStrings, useStored } from "../../lib/stored";
import { Button } from "../../ui/Button";
import { EmptyState } from "../../ui/EmptyState";
import { ProblemNote } from "../../ui/Notes";
import { Skeleton } from "../../ui/Skeleton";
import { AllMetrics } from "./AllMetrics";
import type { Freshness } from "./asOf";
import { WHOLE, within } from "./interval";
import { RangeTools } from "./RangeTools";
import { Stack } from "./Stack";
import { TrendTable } from "./TrendTable";
import type { RangeState } from "./useRange";
import { firstPoints, overUntil, pointsOver } from "./whole";

const DEFAULT = ["gmv", "viewers_now", "product_clicks", "orders"];
export const MOST_METRICS = 6;

interface Props {
  freshness: Freshness;
  metrics: Registry;
  names: ReadonlyMap<string, string>;
  range: RangeState;
  running: boolean;
}

/** Any metrics over the same time. What is marked here is what every other panel shows. */
export function Timeline({ freshness, metrics, names, range, running }: Props) {
  const { session } = freshness.board;
  const [kept, setKept] = useStored("board-charts", DEFAULT, isStrings);
  const [choosing, setChoosing] = useState(false);
  const chosen = useMemo(() => kept.filter((name) => metrics.has(name)), [kept, metrics]);
  const trend = useTrend(session.session_id, { metrics: session.start_time ? chosen : [], ...range.query }, running);
  const over = trend.data && pointsOver(trend.data, overUntil(trend.data, session, range.upToNow));
  const drawn = useMemo(() => trend.data && firstPoints(trend.data, over ?? 0), [trend.data, over]);
  const nothing = !session.start_time || (drawn?.times.length === 0 && !session.end_time);
  return (
    <section className="panel" aria-labelledby="timeline-title">
      <header className="panel-head">
        <div>
          <h2 id="timeline-title">{t("timeline")}</h2>
          {drawn && drawn.times.length > 0 && <p className="muted small">{t("timeline.hint")}</p>}
        </div>
        <div className="row timeline-tools">
          {session.start_time && <RangeTools interval={range.interval} span={range.span} onChange={range.setInterval} />}
          <Button small icon={<Gauge size={16} aria-hidden />} onPress={() => setChoosing(true)}>{t("all-metrics")}</Button>
        </div>
      </header>
      {trend.error && <ProblemNote error={trend.error} retry={() => void trend.refetch()} />}
      {chosen.length === 0 && metrics.size > 0 && <EmptyState title={t("trends.choose")} />}
      {chosen.length > 0 && trend.isLoading && <Skeleton lines={8} />}
      {nothing && !trend.isLoading && <EmptyState title={t(session.start_time ? "trends.none" : "timeline.before")} />}
      {chosen.length > 0 && trend.data && drawn && trend.data.times.length > 0 && (
        <>
          {drawn.times.length > 0 && (
            <Stack
              trend={drawn}
              metrics={metrics}
              names={names}
              onRange={(from, until) => range.setInterval(within(from, until, range.span))}
              onReset={() => range.setInterval(WHOLE)}
            />
          )}
          <p className="timeline-foot muted small">
            {t("trends.step", { n: trend.data.step_minutes })}
            {drawn !== trend.data && <> · {t(session.end_time ? "trends.cut" : "trends.running")}</>}
          </p>
          <TrendTable trend={trend.data} over={drawn.times.length} metrics={metrics} />
        </>
      )}
      <AllMetrics
        isOpen={choosing}
        onClose={() => setChoosing(false)}
        freshness={freshness}
        metrics={metrics}
        chosen={chosen}
        onChange={setKept}
        most={MOST_METRICS}
      />
    </section>
  );
}
