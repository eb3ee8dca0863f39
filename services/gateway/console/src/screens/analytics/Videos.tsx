import { useDeferredValue } from "react";
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
import { Shell } from "../../app/Shell";
import { Skeleton } from "../../ui/Skeleton";
import { Columns } from "../live/Columns";
import { isNarrowed, queryOf } from "../live/filters";
import { SessionTable } from "../live/SessionTable";
import { Export, Toolbar } from "../live/Toolbar";
import { useFilters } from "../live/useFilters";
import "../../words/analytics";
import "../../words/board";
import "../../words/sessions";

const COLUMNS = ["gmv", "orders", "units_sold", "unique_viewers", "pcu", "average_stay"];
const OVER = ["ended"];

/** Every LIVE that has ended, each leading to its review. */
export function Videos() {
  useTitle(t("analytics.videos"));
  const scope = useScope();
  const metrics = useMetrics();
  const [columns, setColumns] = useStored("analytics-columns", COLUMNS, isStrings);
  const [filters, change, clear] = useFilters();
  const shown = metrics.size ? columns.filter((name) => metrics.has(name)) : columns;
  const query = { ...queryOf(filters, scope.account_ids), metrics: shown, states: OVER };
  const list = useSessions(useDeferredValue(query), !scope.isPending);
  const rows = list.data?.pages.flatMap((page) => page.sessions) ?? [];
  const total = list.data?.pages.at(-1)?.total_size ?? rows.length;

  return (
    <Shell narrowed>
      <PageHeader title={t("analytics.videos")} facts={<p className="muted small">{t("sessions.zone", { zone: zoneName() })}</p>} />
      <Toolbar filters={filters} onChange={change} accounts={scope.accounts} fixed>
        <Columns metrics={metrics} chosen={shown} onChange={setColumns} />
        {rows.length > 0 && <Export query={query} />}
      </Toolbar>
      <p className="muted small list-foot" role="status">{list.data && rows.length > 0 ? t("sessions.count", { n: total }) : ""}</p>
      {list.isPending && <Skeleton lines={8} />}
      {list.error && <ProblemNote error={list.error} retry={() => void list.refetch()} />}
      {list.data && rows.length === 0 && (
        <EmptyState title={isNarrowed(filters) ? t("sessions.none-found") : t("analytics.none")}>
          {isNarrowed(filters) && <Button onPress={clear}>{t("sessions.clear")}</Button>}
        </EmptyState>
      )}
      {rows.length > 0 && (
        <SessionTable rows={rows} columns={shown} metrics={metrics} accounts={scope.accounts} filters={filters} onSort={change} />
      )}
      {list.hasNextPage && (
        <LoadMore
          isLoading={list.isFetchingNextPage}
          onMore={() => void list.fetchNextPage()}
          shown={t("sessions.shown", { n: count(rows.length), total: count(total) })}
        />
      )}
    </Shell>
  );
}
