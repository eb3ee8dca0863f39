import ChartColumn from "lucide-react/icons/chart-column";
import { useState } from "react";
import { useMetrics, useSessions } from "../../api/queries";
import { t } from "../../i18n";
import { change, count, dayMonth, DASH, metricValue, money } from "../../lib/format";
import { useNow } from "../../lib/now";
import { useTitle } from "../../lib/title";
import { Bars } from "../../ui/Bars";
import { Badge } from "../../ui/Badge";
import { Card } from "../../ui/Card";
import { Dense } from "../../ui/Dense";
import { EmptyState } from "../../ui/EmptyState";
import { Link } from "../../ui/Link";
import { MetricTip } from "../../ui/MetricTip";
import { ProblemNote } from "../../ui/Notes";
import { PageHeader } from "../../ui/PageHeader";
import { SegmentedControl } from "../../ui/SegmentedControl";
import { Select } from "../../ui/Select";
import { type Scope, useScope } from "../../app/scope";
import { Shell } from "../../app/Shell";
import { Skeleton } from "../../ui/Skeleton";
import { Sparkline } from "../../ui/Sparkline";
import { StatTile } from "../../ui/StatTile";
import { type Column, Table } from "../../ui/Table";
import { SessionTable } from "../live/SessionTable";
import { byDay, currencyOf, daysOf, type DayTotal, grouped, type Sum, SUMS, total } from "./days";
import { useDays } from "./useDays";
import "./analytics.css";
import "../../words/analytics";
import "../../words/board";
import "../../words/home";
import "../../words/plan";
import "../../words/review";
import "../../words/sessions";

const LENGTHS = { "7d": 7, "28d": 28, "90d": 90, "364d": 364 };
type Length = keyof typeof LENGTHS;
const MOST_BARS = 28;
const ALL = "all";
const SHOWN: readonly Sum[] = [...SUMS, "sessions"];

/** How an account's LIVEs do, over days: totals beside the period before, the trend, the best, and who made them. */
export function Overview() {
  useTitle(t("analytics.overview"));
  const scope = useScope();
  const [length, setLength] = useState<Length>("28d");
  const [account, setAccount] = useState(ALL);
  const [currency, setCurrency] = useState("");
  const now = useNow(false);
  const days = daysOf(2 * LENGTHS[length], now);
  const list = useDays(days[0]!, scope.account_ids, !scope.isPending);
  // An account that is not of the place that is taken now is no longer chosen.
  const own = scope.accounts.some((one) => one.account_id === account) ? account : ALL;
  const ofAccount = (list.data ?? []).filter((row) => own === ALL || row.account_id === own);
  // What is made up is never added to what is real; alone it is shown, and said.
  const real = ofAccount.filter((row) => !row.simulated);
  const simulated = real.length === 0 && ofAccount.length > 0;
  const kept = simulated ? ofAccount : real;
  const currencies = [...new Set(kept.map(currencyOf))].filter(Boolean).sort();
  const chosen = currencies.includes(currency) ? currency : (currencies[0] ?? "");
  const rows = kept.filter((row) => currencyOf(row) === chosen || currencies.length < 2);
  const { accounts } = scope;
  return (
    <Shell narrowed>
      <PageHeader
        title={t("analytics.overview")}
        facts={<p className="muted small">{t("analytics.days")} {simulated && <Badge tone="warn" title={t("source.simulated.hint")}>{t("source.simulated")}</Badge>}</p>}
        actions={
          <SegmentedControl
            label={t("sessions.period")}
            value={length}
            onChange={setLength}
            choices={(Object.keys(LENGTHS) as Length[]).map((id) => ({ id, text: t("analytics.last", { n: LENGTHS[id] }) }))}
          />
        }
      />
      {(accounts.length > 1 || currencies.length > 1) && (
        <div className="toolbar">
          {accounts.length > 1 && (
            <Select
              label={t("sessions.account")} hideLabel value={own} onChange={setAccount}
              choices={[{ id: ALL, text: t("sessions.all-accounts") }, ...accounts.map((one) => ({ id: one.account_id, text: one.name }))]}
            />
          )}
          {currencies.length > 1 && (
            <Select label={t("plan.currency")} hideLabel value={chosen} onChange={setCurrency} choices={currencies.map((id) => ({ id, text: id }))} />
          )}
        </div>
      )}
      {list.isPending && <Skeleton lines={10} />}
      {list.error && <ProblemNote error={list.error} retry={() => void list.refetch()} />}
      {list.data && rows.length === 0 && (
        <EmptyState icon={<ChartColumn aria-hidden />} title={t("analytics.overview-none")}>
          <Link to="/analytics/sessions">{t("analytics.videos")}</Link>
        </EmptyState>
      )}
      {rows.length > 0 && (
        <Totals
          rows={rows} days={days} currency={chosen}
          account={own === ALL ? undefined : own}
          scope={scope}
        />
      )}
    </Shell>
  );
}

interface TotalsProps {
  rows: DayTotal[];
  /** Those of the period before, then those of the period. */
  days: string[];
  currency: string;
  account: string | undefined;
  scope: Scope;
}

function Totals({ rows, days, currency, account, scope }: TotalsProps) {
  const [sum, setSum] = useState<Sum>("gmv");
  const metrics = useMetrics();
  const middle = days.length / 2;
  const [first, period] = [days[middle]!, days.slice(middle)];
  const current = rows.filter((row) => row.day >= first);
  const before = rows.filter((row) => row.day < first);
  const titleOf = (one: Sum) => (one === "sessions" ? t("sessions") : (metrics.get(one)?.title ?? one));
  const shownAs = (one: Sum, value: number | null, short = false) =>
    value === null ? DASH : one === "sessions" ? count(value) : metricValue(value, metrics.get(one)?.unit ?? "count", currency, short);
  return (
    <div className="overview">
      <div className="overview-tiles">
        {SHOWN.map((one) => {
          const [value, earlier] = [total(current, one), total(before, one)];
          const by = value !== null && earlier ? value / earlier - 1 : null;
          return (
            <StatTile
              key={one}
              name={titleOf(one)}
              help={one !== "sessions" && <MetricTip metric={metrics.get(one)} />}
              value={shownAs(one, value)}
              missing={value === null ? t("missing.not_known") : undefined}
              delta={by === null ? undefined : { text: change(by), direction: by > 0 ? "up" : by < 0 ? "down" : "level", good: by > 0, against: t("analytics.before") }}
              chart={<Sparkline values={byDay(current, period, one).filter((each) => each !== null)} />}
            />
          );
        })}
      </div>
      <Trend rows={current} days={period} sum={sum} onSum={setSum} titleOf={titleOf} shownAs={shownAs} />
      <Best first={first} account={account} scope={scope} />
      {account === undefined && <Accounts rows={current} names={new Map(scope.accounts.map((one) => [one.account_id, one.name]))} currency={currency} />}
    </div>
  );
}

interface TrendProps {
  rows: DayTotal[];
  days: string[];
  sum: Sum;
  onSum: (sum: Sum) => void;
  titleOf: (sum: Sum) => string;
  shownAs: (sum: Sum, value: number | null, short?: boolean) => string;
}

/** A day's name is that of its noon, so that no zone makes it another day. */
const nameOf = (day: string) => dayMonth(`${day}T20:00:00Z`);

function Trend({ rows, days, sum, onSum, titleOf, shownAs }: TrendProps) {
  const groups = grouped(days, days.length > 90 ? 28 : days.length > MOST_BARS ? 7 : 1);
  const values = groups.map((group) => total(rows.filter((row) => group.includes(row.day)), sum));
  return (
    <Card
      title={t("analytics.trend")}
      hint={t("analytics.by-days", { n: groups.at(-1)!.length })}
      actions={<SegmentedControl label={t("review.beside-metric")} value={sum} onChange={onSum} choices={SHOWN.map((id) => ({ id, text: titleOf(id) }))} />}
    >
      <Bars
        label={t("analytics.trend")}
        most={shownAs(sum, Math.max(0, ...values.map((value) => value ?? 0)), true)}
        bars={groups.map((group, at) => ({
          id: group[0]!,
          name: nameOf(group[0]!),
          value: values[at] ?? null,
          text: t("analytics.bar", { date: nameOf(group[0]!), value: shownAs(sum, values[at] ?? null) }),
        }))}
      />
    </Card>
  );
}

const COLUMNS = ["gmv", "orders", "units_sold", "views"];
const BEST = 5;

function Best({ first, account, scope }: { first: string; account: string | undefined; scope: Scope }) {
  const metrics = useMetrics();
  const list = useSessions({
    states: ["ended"], metrics: COLUMNS, sort: "gmv", start_from: `${first}T08:00:00Z`, account_ids: account ? [account] : scope.account_ids,
  });
  const rows = list.data?.pages[0]?.sessions.slice(0, BEST) ?? [];
  if (rows.length === 0) return null;
  return (
    <Card flush title={t("analytics.best")} actions={<Link to="/analytics/sessions" look="quiet">{t("home.all")}</Link>}>
      <SessionTable rows={rows} columns={COLUMNS} metrics={metrics} accounts={scope.accounts} />
    </Card>
  );
}

function Accounts({ rows, names, currency }: { rows: DayTotal[]; names: ReadonlyMap<string, string>; currency: string }) {
  const ids = [...new Set(rows.map((row) => row.account_id))];
  if (ids.length < 2) return null;
  const of = (id: string, sum: Sum) => total(rows.filter((row) => row.account_id === id), sum);
  const sorted = ids.sort((a, b) => (of(b, "gmv") ?? 0) - (of(a, "gmv") ?? 0));
  const metricColumn = (id: Sum, head: string): Column<string> => ({
    id, head, number: true,
    cell: (account) => {
      const value = of(account, id);
      return value === null ? DASH : id === "gmv" ? money(value, currency) : count(value);
    },
  });
  return (
    <Card flush title={t("analytics.accounts")}>
      <Dense>
        <Table
          label={t("analytics.accounts")}
          keyOf={(id) => id}
          rows={sorted}
          columns={[
            { id: "name", head: t("sessions.account"), isRowHeader: true, cell: (id) => names.get(id) ?? DASH },
            metricColumn("sessions", t("sessions")),
            metricColumn("gmv", t("board.gmv")),
            metricColumn("units_sold", t("home.units_sold")),
          ]}
        />
      </Dense>
    </Card>
  );
}
