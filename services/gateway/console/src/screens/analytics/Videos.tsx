import { useDeferredValue, useState } from "react";
import { useMe, useMetrics, useSessions } from "../../api/queries";
import { t } from "../../i18n";
import { zoneName } from "../../lib/format";
import { useTitle } from "../../lib/title";
import { SearchField } from "../../ui/SearchField";
import { Select } from "../../ui/Select";
import { EmptyState } from "../../ui/EmptyState";
import { ProblemNote } from "../../ui/Notes";
import { Skeleton } from "../../ui/Skeleton";
import { Shell } from "../../ui/Shell";
import { type Period, PERIODS, periodStart } from "../live/period";
import { SessionTable } from "../live/SessionTable";
import { LoadMore } from "../../ui/LoadMore";

const COLUMNS = ["gmv", "orders", "units_sold", "unique_viewers", "pcu", "average_stay"];

/** Every LIVE that has ended, each leading to its details. */
export function Videos() {
  useTitle(t("analytics.videos"));
  const me = useMe();
  const metrics = useMetrics();
  const [period, setPeriod] = useState<Period>("all");
  const [search, setSearch] = useState("");
  const query = useDeferredValue(search.trim());
  const columns = metrics.size ? COLUMNS.filter((name) => metrics.has(name)) : COLUMNS;
  const list = useSessions({ query, metrics: columns, start_from: periodStart(period), states: ["ended"] });
  const rows = list.data?.pages.flatMap((page) => page.sessions) ?? [];

  return (
    <Shell>
      <header className="page-head">
        <div>
          <p className="muted small">{t("analytics.path")}</p>
          <h1>{t("analytics.videos")}</h1>
          <p className="muted small">{t("sessions.zone", { zone: zoneName() })}</p>
        </div>
      </header>
      <div className="toolbar" role="search">
        <SearchField label={t("sessions.search")} value={search} onChange={setSearch} />
        <Select
          label={t("sessions.period")}
          hideLabel
          value={period}
          onChange={setPeriod}
          choices={PERIODS.map((id) => ({ id, text: t(`period.${id}`) }))}
        />
      </div>
      {list.isPending && <Skeleton lines={8} />}
      {list.error && <ProblemNote error={list.error} retry={() => void list.refetch()} />}
      {list.data && rows.length === 0 && (
        <EmptyState title={query || period !== "all" ? t("sessions.none-found") : t("analytics.none")} />
      )}
      {rows.length > 0 && <SessionTable rows={rows} columns={columns} metrics={metrics} me={me.data} past />}
      {list.hasNextPage && (
        <LoadMore isLoading={list.isFetchingNextPage} onMore={() => void list.fetchNextPage()} />
      )}
    </Shell>
  );
}
