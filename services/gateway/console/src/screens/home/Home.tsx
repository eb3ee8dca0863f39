import { Navigate } from "@tanstack/react-router";
import { useState } from "react";
import { useHome } from "../../api/home";
import { useMe, useMetrics, useOnAir, useSessions } from "../../api/queries";
import type { SessionRow } from "../../api/types";
import { named, t } from "../../i18n";
import { DASH, moment, reading } from "../../lib/format";
import { useTitle } from "../../lib/title";
import { Button } from "../../ui/Button";
import { Card } from "../../ui/Card";
import { Link } from "../../ui/Link";
import { MetricTip } from "../../ui/MetricTip";
import { ProblemNote } from "../../ui/Notes";
import { PageHeader } from "../../ui/PageHeader";
import { Select } from "../../ui/Select";
import { SessionBadges } from "../../ui/SessionBadges";
import { type Account, useScope } from "../../app/scope";
import { useSeats } from "../../app/seats";
import { Shell } from "../../app/Shell";
import { Skeleton } from "../../ui/Skeleton";
import { StatTile } from "../../ui/StatTile";
import { NewLive } from "../live/NewLive";
import { SessionTable } from "../live/SessionTable";
import { Guides } from "./Guides";
import { hasPast, NextSteps } from "./NextSteps";
import { Promote } from "./Promote";
import { Success } from "./Success";
import { Tasks } from "./Tasks";
import { Upcoming } from "./Upcoming";
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
  // What belongs to an event is among the events.
  const planned = rows.filter(({ session }) => session.state === "prepared" && !session.event_id);
  const last = rows.find(({ session }) => session.state === "ended" && session.source !== "import")
    ?? rows.find(({ session }) => session.state === "ended");
  const hosted = scope.accounts.filter((one) => one.shop_id);
  const [chosen, setChosen] = useState("");
  const newest = rows.find(({ session }) => session.source === "live")?.session.account_id;
  const account = [chosen, newest].map((id) => hosted.find((one) => one.account_id === id)).find(Boolean) ?? hosted[0];
  const answer = useHome(account?.account_id ?? "");
  const past = hasPast(rows, list.hasNextPage);
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
            <Promote events={answer.data?.promote ?? []} />
            {!past && <NextSteps scope={scope} sessions={rows} onNew={() => setOpening(true)} />}
            <OnAirNow accounts={scope.accounts} />
            {hosted.length > 0 && <Upcoming accounts={scope.accounts} narrowed={scope.account_ids !== undefined} />}
            {last && <LastLive row={last} />}
            {rows.length > 0 && (
              <Card flush title={t("home.recent")} actions={<Link to="/live" look="quiet">{t("home.all")}</Link>}>
                <SessionTable rows={rows.slice(0, RECENT)} columns={COLUMNS} metrics={metrics} accounts={scope.accounts} brief />
              </Card>
            )}
          </div>
          <div className="home-side">
            {hosted.length > 1 && (
              <Select
                label={t("home.account")} value={account!.account_id} onChange={setChosen}
                choices={hosted.map((one) => ({ id: one.account_id, text: one.name }))}
              />
            )}
            {answer.error && <ProblemNote error={answer.error} retry={() => void answer.refetch()} />}
            {answer.isLoading && <Skeleton lines={8} />}
            {answer.data && past && <Success answer={answer.data} />}
            {answer.data && <Tasks answer={answer.data} />}
            {planned.length > 0 && <Planned rows={planned} />}
          </div>
          <Guides guides={answer.data?.guides ?? []} />
        </div>
      )}
      <NewLive isOpen={opening} onClose={() => setOpening(false)} accounts={hosted} />
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

function Planned({ rows }: { rows: SessionRow[] }) {
  return (
    <Card title={t("home.planned")}>
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
