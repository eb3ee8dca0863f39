import { Navigate } from "@tanstack/react-router";
import Radio from "lucide-react/icons/radio";
import { useState } from "react";
import { useMe, useMetrics, useOnAir, useSessions } from "../../api/queries";
import type { SessionRow } from "../../api/types";
import { named, t } from "../../i18n";
import { DASH, moment, reading } from "../../lib/format";
import { useTitle } from "../../lib/title";
import { Button } from "../../ui/Button";
import { Card } from "../../ui/Card";
import { EmptyState } from "../../ui/EmptyState";
import { Link } from "../../ui/Link";
import { MetricTip } from "../../ui/MetricTip";
import { ProblemNote } from "../../ui/Notes";
import { PageHeader } from "../../ui/PageHeader";
import { SessionBadges } from "../../ui/SessionBadges";
import { type Account, useScope } from "../../app/scope";
import { useSeats } from "../../app/seats";
import { Shell } from "../../app/Shell";
import { Skeleton } from "../../ui/Skeleton";
import { StatTile } from "../../ui/StatTile";
import { NewLive } from "../live/NewLive";
import { SessionTable } from "../live/SessionTable";
import { NextSteps } from "./NextSteps";
import "./home.css";
import "../../words/board";
import "../../words/home";
import "../../words/plan";
import "../../words/sessions";

/** What a host asks of the last LIVE first. */
const FOUR = ["commission", "units_sold", "buyers", "first_time_buyers"];
const COLUMNS = ["gmv", "units_sold"];
const RECENT = 6;

/** Where somebody begins: what is to be done, what is on air, how the last LIVE went. */
export function Home() {
  useTitle(t("home"));
  const me = useMe();
  const scope = useScope();
  const { work } = useSeats();
  const metrics = useMetrics();
  const [opening, setOpening] = useState(false);
  const list = useSessions({ metrics: [...new Set([...FOUR, ...COLUMNS])], sort: "start", account_ids: scope.account_ids }, !scope.isPending);
  const rows = list.data?.pages[0]?.sessions ?? [];
  const planned = rows.filter(({ session }) => session.state === "prepared");
  const last = rows.find(({ session }) => session.state === "ended" && session.source !== "import")
    ?? rows.find(({ session }) => session.state === "ended");
  // An agency begins with the sessions of those who work with it.
  if (work === "partner") return <Navigate to="/live" replace />;
  const start = <Button kind="primary" onPress={() => setOpening(true)}>{t("new-live")}</Button>;
  return (
    <Shell narrowed>
      <PageHeader title={t("home")} actions={start} />
      {list.error && <ProblemNote error={list.error} retry={() => void list.refetch()} />}
      {(list.isPending || me.isPending) && <Skeleton lines={10} />}
      {list.data && me.data && (
        <div className="home">
          <div className="home-main">
            <NextSteps scope={scope} sessions={rows} more={list.hasNextPage} onNew={() => setOpening(true)} />
            <OnAirNow accounts={scope.accounts} />
            {last && <LastLive row={last} />}
            {rows.length > 0 && (
              <Card flush title={t("home.recent")} actions={<Link to="/live" look="quiet">{t("home.all")}</Link>}>
                <SessionTable rows={rows.slice(0, RECENT)} columns={COLUMNS} metrics={metrics} accounts={scope.accounts} brief />
              </Card>
            )}
          </div>
          <div className="home-side">
            <Planned rows={planned} onNew={() => setOpening(true)} />
          </div>
        </div>
      )}
      <NewLive isOpen={opening} onClose={() => setOpening(false)} accounts={scope.accounts.filter((one) => one.shop_id)} />
    </Shell>
  );
}

function OnAirNow({ accounts }: { accounts: readonly Account[] }) {
  const names = new Map(accounts.map((one) => [one.account_id, one.name]));
  const rows = (useOnAir().data?.sessions ?? []).filter(({ session }) => names.has(session.account_id));
  const metrics = useMetrics();
  if (rows.length === 0) return null;
  return (
    <Card title={t("home.on-air")}>
      <ul className="home-list">
        {rows.map((row) => (
          <li key={row.session.session_id} className="home-live">
            <span className="home-words">
              <Link to="/live/$sessionId/air" params={{ sessionId: row.session.session_id }} look="row">{row.session.title}</Link>
              <SessionBadges session={row.session}><span className="muted small">{names.get(row.session.account_id) ?? DASH}</span></SessionBadges>
            </span>
            {["viewers_now", "gmv"].map((name) => (
              <span key={name} className="home-fact">
                <span className="muted small">{metrics.get(name)?.title ?? name}</span>
                <strong className="tabular">{reading(row.readings.find((one) => one.metric === name), metrics.get(name)?.unit ?? "count", row.session.currency)}</strong>
              </span>
            ))}
            <Link to="/live/$sessionId/air" params={{ sessionId: row.session.session_id }} look="button">{t("plan.air")}</Link>
          </li>
        ))}
      </ul>
    </Card>
  );
}

function LastLive({ row }: { row: SessionRow }) {
  const metrics = useMetrics();
  const { session, readings } = row;
  const params = { sessionId: session.session_id };
  return (
    <Card
      flush
      title={t("home.last")}
      hint={
        <>
          <Link to="/live/$sessionId/review" params={params} look="quiet">{session.title}</Link>
          {session.start_time && ` · ${moment(session.start_time)}`}
        </>
      }
      actions={<Link to="/live/$sessionId/review" params={params} look="button" small>{t("home.review")}</Link>}
    >
      <div className="home-four">
        {FOUR.map((name) => {
          const metric = metrics.get(name);
          const value = readings.find((one) => one.metric === name);
          const text = reading(value, metric?.unit ?? "count", session.currency);
          return (
            <StatTile
              key={name}
              name={t(`home.${name as "commission"}`)}
              value={text}
              missing={text === DASH ? named("missing", value?.missing || "not_yet") : undefined}
              help={<MetricTip metric={metric} />}
            />
          );
        })}
      </div>
    </Card>
  );
}

function Planned({ rows, onNew }: { rows: SessionRow[]; onNew: () => void }) {
  return (
    <Card title={t("home.planned")}>
      {rows.length === 0 && (
        <EmptyState icon={<Radio aria-hidden />} title={t("home.planned-none")}>
          <Button onPress={onNew}>{t("new-live")}</Button>
        </EmptyState>
      )}
      <ul className="home-list">
        {rows.slice(0, RECENT).map(({ session }) => (
          <li key={session.session_id} className="home-plan">
            <Link to="/live/$sessionId/plan" params={{ sessionId: session.session_id }} look="row">{session.title}</Link>
            <span className="muted small">{t("home.products", { n: session.bag_size ?? 0 })}</span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
