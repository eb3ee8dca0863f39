import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { sessions } from "../../api/calls";
import { keys, type Registry } from "../../api/queries";
import type { Session } from "../../api/types";
import { t } from "../../i18n";
import { date, DASH, dayMonth, metricValue, reading } from "../../lib/format";
import { Bars } from "../../ui/Bars";
import { Card } from "../../ui/Card";
import { SegmentedControl } from "../../ui/SegmentedControl";

const METRICS = ["gmv", "units_sold", "views"];
const MOST = 12;

/** The account's LIVEs up to this one, so that it is seen whether they grow. */
export function Beside({ session, metrics }: { session: Session; metrics: Registry }) {
  const [metric, setMetric] = useState("gmv");
  const { account_id, start_time } = session;
  const list = useQuery({
    queryKey: [...keys.sessions, "beside", session.session_id],
    queryFn: () =>
      sessions.list({
        account_ids: [account_id], states: ["ended"], metrics: METRICS, sort: "start", page_size: MOST,
        start_until: start_time ? new Date(Date.parse(start_time) + 1).toISOString() : undefined,
      }),
    staleTime: 60_000,
  });
  // Money of another currency cannot stand beside it, and what is made up stands beside what is made up.
  const same = (one: Session) => one.currency === session.currency && Boolean(one.simulated) === Boolean(session.simulated);
  const rows = (list.data?.sessions ?? []).filter((row) => same(row.session)).reverse();
  if (rows.length < 2) return null;
  const unit = metrics.get(metric)?.unit ?? "count";
  const valueOf = (row: (typeof rows)[number]) => row.readings.find((one) => one.metric === metric);
  const most = Math.max(0, ...rows.map((row) => valueOf(row)?.value ?? 0));
  return (
    <Card
      title={t("review.beside")}
      actions={
        <SegmentedControl
          label={t("review.beside-metric")}
          value={metric}
          onChange={setMetric}
          choices={METRICS.map((id) => ({ id, text: metrics.get(id)?.title ?? id }))}
        />
      }
    >
      <Bars
        label={t("review.beside")}
        most={metricValue(most, unit, session.currency, true)}
        bars={rows.map((row) => ({
          id: row.session.session_id,
          name: row.session.start_time ? dayMonth(row.session.start_time) : DASH,
          value: valueOf(row)?.value ?? null,
          text: t("review.beside-one", {
            title: row.session.title,
            date: row.session.start_time ? date(row.session.start_time) : DASH,
            value: reading(valueOf(row), unit, session.currency),
          }),
          here: row.session.session_id === session.session_id,
        }))}
      />
    </Card>
  );
}
