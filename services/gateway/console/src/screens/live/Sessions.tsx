import { useDeferredValue, useState } from "react";
import { useMe, useMetrics, useSessions } from "../../api/queries";
import { t } from "../../i18n";
import { zoneName } from "../../lib/format";
import { isStrings, useStored } from "../../lib/stored";
import { useTitle } from "../../lib/title";
import { Button } from "../../ui/Button";
import { SearchField } from "../../ui/SearchField";
import { Select } from "../../ui/Select";
import { EmptyState } from "../../ui/EmptyState";
import { ProblemNote } from "../../ui/Notes";
import { Skeleton } from "../../ui/Skeleton";
import { Shell } from "../../ui/Shell";
import { Columns } from "./Columns";
import { NewLive } from "./NewLive";
import { type Period, PERIODS, periodStart } from "./period";
import { SessionTable } from "./SessionTable";
import { LoadMore } from "../../ui/LoadMore";

const DEFAULT_COLUMNS = ["gmv", "direct_gmv", "ctr", "ctor", "units_sold"];

const isPeriod = (value: unknown): value is Period => PERIODS.includes(value as Period);

const NOW = ["live", "practice"];
const OVER = ["ended"];

export const Sessions = () => <List title={t("sessions")} />;
export const OnAir = () => <List title={t("nav.on-air")} states={NOW} />;
export const Past = () => <List title={t("nav.past")} states={OVER} />;

function List({ title, states }: { title: string; states?: string[] }) {
  useTitle(title);
  const me = useMe();
  const metrics = useMetrics();
  const [columns, setColumns] = useStored("columns", DEFAULT_COLUMNS, isStrings);
  const [period, setPeriod] = useStored<Period>("period", "all", isPeriod);
  const [search, setSearch] = useState("");
  const [opening, setOpening] = useState(false);
  // A metric that left the registry must not make the whole list fail.
  const shown = metrics.size ? columns.filter((name) => metrics.has(name)) : columns;
  const query = useDeferredValue(search.trim());
  const list = useSessions({ query, metrics: shown, start_from: periodStart(period), states });
  const rows = list.data?.pages.flatMap((page) => page.sessions) ?? [];

  return (
    <Shell>
      <header className="page-head">
        <div>
          <h1>{title}</h1>
          <p className="muted small">{t("sessions.zone", { zone: zoneName() })}</p>
        </div>
        <Button kind="primary" onPress={() => setOpening(true)}>
          {t("new-live")}
        </Button>
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
        <Columns metrics={metrics} chosen={shown} onChange={setColumns} />
        <span className="muted small toolbar-end" role="status">
          {list.data ? t(list.hasNextPage ? "sessions.count-more" : "sessions.count", { n: rows.length }) : ""}
        </span>
      </div>
      {list.isPending && <Skeleton lines={8} />}
      {list.error && <ProblemNote error={list.error} retry={() => void list.refetch()} />}
      {list.data && rows.length === 0 && (
        <EmptyState title={query || states || period !== "all" ? t("sessions.none-found") : t("sessions.none")} />
      )}
      {rows.length > 0 && <SessionTable rows={rows} columns={shown} metrics={metrics} me={me.data} />}
      {list.hasNextPage && (
        <LoadMore isLoading={list.isFetchingNextPage} onMore={() => void list.fetchNextPage()} />
      )}
      <NewLive
        isOpen={opening}
        onClose={() => setOpening(false)}
        accounts={(me.data?.accounts ?? []).filter((one) => one.shop_id)}
        shops={me.data?.shops ?? []}
      />
    </Shell>
  );
}
