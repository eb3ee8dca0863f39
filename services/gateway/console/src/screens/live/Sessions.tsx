import Radio from "lucide-react/icons/radio";
import { useDeferredValue, useState } from "react";
import { useMetrics, useSessions } from "../../api/queries";
import { t } from "../../i18n";
import { count, zoneName } from "../../lib/format";
import { isStrings, useStored } from "../../lib/stored";
import { useTitle } from "../../lib/title";
import { Button } from "../../ui/Button";
import { EmptyState } from "../../ui/EmptyState";
import { LoadMore } from "../../ui/LoadMore";
import { ProblemNote } from "../../ui/Notes";
import { PageHeader } from "../../ui/PageHeader";
import { useScope } from "../../app/scope";
import { useSeats } from "../../app/seats";
import { Shell } from "../../app/Shell";
import { Skeleton } from "../../ui/Skeleton";
import { Columns } from "./Columns";
import { isNarrowed, queryOf } from "./filters";
import { NewLive } from "./NewLive";
import { SessionTable } from "./SessionTable";
import { Export, Toolbar } from "./Toolbar";
import { useFilters } from "./useFilters";
import "../../words/board";
import "../../words/sessions";

const DEFAULT_COLUMNS = ["gmv", "direct_gmv", "ctr", "ctor", "units_sold"];

const NOW = ["live", "practice"];
const OVER = ["ended"];

/** An agency's sessions are those of every account that is bound to it. */
export function Sessions() {
  const looksOn = useSeats().work === "partner";
  return <List title={t(looksOn ? "nav.videos" : "sessions")} none={t(looksOn ? "sessions.none-agency" : "sessions.none")} />;
}
export const OnAir = () => <List title={t("nav.on-air")} states={NOW} none={t("sessions.none-on-air")} />;
export const Past = () => <List title={t("nav.past")} states={OVER} none={t("sessions.none-past")} />;

function List({ title, states, none }: { title: string; states?: string[]; none: string }) {
  useTitle(title);
  const scope = useScope();
  const looksOn = useSeats().work === "partner";
  const metrics = useMetrics();
  const [columns, setColumns] = useStored("columns", DEFAULT_COLUMNS, isStrings);
  const [filters, change, clear] = useFilters();
  const [opening, setOpening] = useState(false);
  // A metric that left the registry must not make the whole list fail.
  const shown = metrics.size ? columns.filter((name) => metrics.has(name)) : columns;
  const query = { ...queryOf(filters, scope.account_ids), metrics: shown, ...(states && { states }) };
  const list = useSessions(useDeferredValue(query), !scope.isPending);
  const rows = list.data?.pages.flatMap((page) => page.sessions) ?? [];
  const total = list.data?.pages.at(-1)?.total_size ?? rows.length;
  const start = !looksOn && <Button kind="primary" onPress={() => setOpening(true)}>{t("new-live")}</Button>;

  return (
    <Shell narrowed>
      <PageHeader title={title} facts={<p className="muted small">{t("sessions.zone", { zone: zoneName() })}</p>} actions={start} />
      <Toolbar filters={filters} onChange={change} accounts={scope.accounts} fixed={states !== undefined}>
        <Columns metrics={metrics} chosen={shown} onChange={setColumns} />
        {rows.length > 0 && <Export query={query} />}
      </Toolbar>
      <p className="muted small list-foot" role="status">{list.data && rows.length > 0 ? t("sessions.count", { n: total }) : ""}</p>
      {list.isPending && <Skeleton lines={8} />}
      {list.error && <ProblemNote error={list.error} retry={() => void list.refetch()} />}
      {list.data && rows.length === 0 && (
        isNarrowed(filters) ? (
          <EmptyState title={t("sessions.none-found")}><Button onPress={clear}>{t("sessions.clear")}</Button></EmptyState>
        ) : (
          <EmptyState icon={<Radio aria-hidden />} title={none}>{start}</EmptyState>
        )
      )}
      {rows.length > 0 && (
        <SessionTable rows={rows} columns={shown} metrics={metrics} accounts={scope.accounts} looksOn={looksOn} filters={filters} onSort={change} />
      )}
      {list.hasNextPage && (
        <LoadMore
          isLoading={list.isFetchingNextPage}
          onMore={() => void list.fetchNextPage()}
          shown={t("sessions.shown", { n: count(rows.length), total: count(total) })}
        />
      )}
      <NewLive
        isOpen={opening}
        onClose={() => setOpening(false)}
        accounts={scope.accounts.filter((one) => one.shop_id)}
      />
    </Shell>
  );
}
