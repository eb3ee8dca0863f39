import Users from "lucide-react/icons/users";
import { useState } from "react";
import type { SessionRow } from "../../api/types";
import { since } from "../../app/OnAir";
import { partsOf } from "../../app/scope";
import { useSeats } from "../../app/seats";
import { Shell } from "../../app/Shell";
import { t } from "../../i18n";
import { count, date, money } from "../../lib/format";
import { useNow } from "../../lib/now";
import { useTitle } from "../../lib/title";
import { Avatar } from "../../ui/Avatar";
import { Badge } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { Dense } from "../../ui/Dense";
import { EmptyState } from "../../ui/EmptyState";
import { Link } from "../../ui/Link";
import { ProblemNote } from "../../ui/Notes";
import { PageHeader } from "../../ui/PageHeader";
import { SearchField } from "../../ui/SearchField";
import { Skeleton } from "../../ui/Skeleton";
import { type Column, Table } from "../../ui/Table";
import "../../words/agency";
import "../../words/sessions";
import "./agency.css";
import { type Creator, useCreators } from "./creators";

/** The creators of an agency, with what is on air, came last and comes next. */
export function Creators() {
  useTitle(t("nav.creators"));
  const { seat, isPending } = useSeats();
  const isAgency = seat?.work === "partner";
  return (
    <Shell narrowed>
      {!seat && isPending && <Skeleton lines={8} />}
      {seat && !isAgency && (
        <>
          <PageHeader title={t("nav.creators")} />
          <EmptyState icon={<Users aria-hidden />} title={t("agency.not")}><p>{t("agency.not-hint")}</p></EmptyState>
        </>
      )}
      {seat && isAgency && <List key={seat.id} partner={partsOf(seat).id} name={seat.name} />}
    </Shell>
  );
}

function List({ partner, name }: { partner: string; name: string }) {
  const { creators, isPending, error, retry } = useCreators(partner);
  const [text, setText] = useState("");
  const wanted = text.trim().toLocaleLowerCase();
  const rows = creators.filter((one) => one.name.toLocaleLowerCase().includes(wanted));
  const now = useNow(creators.some((one) => one.now));
  return (
    <>
      <PageHeader title={t("nav.creators")} facts={<p className="muted">{t("agency.about", { name })}</p>} />
      {error && <ProblemNote error={error} retry={retry} />}
      {isPending && !error && <Skeleton lines={8} />}
      {!isPending && !error && creators.length === 0 && (
        <EmptyState isPage icon={<Users aria-hidden />} title={t("agency.none")}><p>{t("agency.none-hint")}</p></EmptyState>
      )}
      {!isPending && creators.length > 0 && (
        <>
          <div className="toolbar" role="search">
            <SearchField label={t("agency.search")} value={text} onChange={setText} />
            <p className="muted small agency-count" role="status">{t("agency.count", { n: rows.length })}</p>
          </div>
          {rows.length === 0 ? (
            <EmptyState title={t("agency.none-found")}><Button onPress={() => setText("")}>{t("sessions.clear")}</Button></EmptyState>
          ) : (
            <Dense><Table label={t("nav.creators")} columns={columns(now)} rows={rows} keyOf={(one) => one.id} /></Dense>
          )}
        </>
      )}
    </>
  );
}

const columns = (now: number): Column<Creator>[] => [
  { id: "name", head: t("agency.creator"), isRowHeader: true, cell: (one) => <Who creator={one} /> },
  { id: "now", head: t("agency.now"), cell: (one) => <Now row={one.now} now={now} /> },
  { id: "last", head: t("agency.last"), cell: (one) => <Last row={one.last} /> },
  { id: "next", head: t("agency.next"), cell: (one) => <Next rows={one.next} /> },
];

function Who({ creator: { name, shop, accounts } }: { creator: Creator }) {
  const others = shop ? [shop] : accounts.map((one) => one.name).filter((one) => one !== name);
  return (
    <span className="agency-who">
      <Avatar name={name} size="small" />
      <span className="agency-words">
        <span>{name}</span>
        {others.length > 0 && <span className="muted small">{others.join(" · ")}</span>}
      </span>
    </span>
  );
}

const value = ({ readings }: SessionRow, name: string) => readings.find((one) => one.metric === name)?.value ?? undefined;

function Now({ row, now }: { row: SessionRow | undefined; now: number }) {
  if (!row) return <span className="muted agency-none">{t("agency.not-now")}</span>;
  const [viewers, gmv] = [value(row, "viewers_now"), value(row, "gmv")];
  const facts = [
    viewers !== undefined && t("on-air.viewers", { n: viewers, shown: count(viewers) }),
    gmv !== undefined && money(gmv, row.session.currency, true),
  ].filter(Boolean);
  return (
    <span className="agency-words">
      <span className="agency-line">
        <Badge tone="live" dot>{since(row.session.start_time, now)}</Badge>
        <Link to="/live/$sessionId/board" params={{ sessionId: row.session.session_id }} look="row" className="agency-title">{row.session.title}</Link>
      </span>
      {facts.length > 0 && <span className="muted small tabular">{facts.join(" · ")}</span>}
    </span>
  );
}

function Last({ row }: { row: SessionRow | undefined }) {
  if (!row) return <span className="muted agency-none">{t("agency.last-none")}</span>;
  const gmv = value(row, "gmv");
  const facts = [row.session.start_time && date(row.session.start_time), gmv !== undefined && money(gmv, row.session.currency, true)];
  return (
    <span className="agency-words">
      <Link to="/live/$sessionId/review" params={{ sessionId: row.session.session_id }} look="row" className="agency-title">{row.session.title}</Link>
      <span className="muted small tabular">{facts.filter(Boolean).join(" · ")}</span>
    </span>
  );
}

function Next({ rows: [first, ...more] }: { rows: readonly SessionRow[] }) {
  if (!first) return <span className="muted agency-none">{t("agency.next-none")}</span>;
  return (
    <span className="agency-words">
      <span className="agency-title">{first.session.title}</span>
      {more.length > 0 && <span className="muted small">{t("agency.next-more", { n: more.length })}</span>}
    </span>
  );
}
