import { useNavigate } from "@tanstack/react-router";
import Monitor from "lucide-react/icons/chart-no-axes-combined";
import More from "lucide-react/icons/ellipsis";
import { useState } from "react";
import type { Registry } from "../../api/queries";
import type { Reading, Session, SessionRow } from "../../api/types";
import type { Account } from "../../app/scope";
import { named, t } from "../../i18n";
import { date, DASH, duration, minute, moment, reading } from "../../lib/format";
import { openBoard } from "../../lib/windows";
import { Button } from "../../ui/Button";
import { Dense } from "../../ui/Dense";
import { IconButton } from "../../ui/IconButton";
import { Link } from "../../ui/Link";
import { Menu } from "../../ui/Menu";
import { MetricTip } from "../../ui/MetricTip";
import { SessionBadges } from "../../ui/SessionBadges";
import { type Column, type Sort, Table } from "../../ui/Table";
import { Thumbnail } from "../../ui/Thumbnail";
import { DeleteSession } from "./DeleteSession";
import { type Filters, SORTS } from "./filters";
import { useEventGroups } from "./eventGroups";
import "./live.css";

interface Props {
  rows: SessionRow[];
  columns: string[];
  metrics: Registry;
  accounts: readonly Account[];
  /** Whoever looks on only: nothing of the planning and running of a LIVE. */
  looksOn?: boolean;
  filters?: Filters;
  onSort?: (change: Filters) => void;
  /** Little room: what each was and came to, and nothing to do with it. */
  brief?: boolean;
}

const isSort = (id: string): id is NonNullable<Filters["sort"]> => SORTS.some((one) => one === id);

/** Sessions, one in a row of 40 px; each leads to the step that fits how it stands. */
export function SessionTable({ rows, columns, metrics, accounts, looksOn = false, filters = {}, onSort, brief = false }: Props) {
  const [leaving, setLeaving] = useState<Session>();
  const names = new Map(accounts.map((account) => [account.account_id, account.name]));
  const shown: Column<SessionRow>[] = [
    { id: "name", head: t("sessions.name"), isRowHeader: true, cell: ({ session }) => <Name session={session} /> },
    { id: "state", head: t("sessions.state"), cell: ({ session }) => <SessionBadges session={session} /> },
    // Who has one account knows whose it is.
    ...(brief || names.size === 1 ? [] : [{ id: "account", head: t("sessions.account"), cell: ({ session }: SessionRow) => <span className="live-account">{names.get(session.account_id) ?? DASH}</span> }]),
    { id: "start", head: t("sessions.start"), sortable: true, cell: ({ session }) => <Started session={session} /> },
    ...(brief ? [] : [{ id: "duration", head: t("board.duration"), number: true, sortable: true, cell: ({ session }: SessionRow) => lasted(session) }]),
    ...columns.map((name): Column<SessionRow> => ({
      id: name,
      head: metrics.get(name)?.title ?? name,
      help: <MetricTip metric={metrics.get(name)} />,
      number: true,
      sortable: isSort(name),
      cell: ({ session, readings }) => (
        <Value
          value={readings.find((one) => one.metric === name)}
          unit={metrics.get(name)?.unit ?? "count"}
          currency={session.currency}
        />
      ),
    })),
    ...(brief ? [] : [{
      id: "more", stays: true, head: <span className="visually-hidden">{t("sessions.actions")}</span>,
      cell: ({ session }: SessionRow) => (
        <span className="live-actions">
          <IconButton
            small
            label={t("sessions.board-of", { title: session.title })}
            icon={<Monitor aria-hidden />}
            onPress={() => openBoard(session.session_id)}
          />
          <Actions session={session} looksOn={looksOn} onDelete={() => setLeaving(session)} />
        </span>
      ),
    }]),
  ];
  const sort: Sort = { column: filters.sort ?? "start", down: !filters.up };
  // Another order than that of the start would be torn apart.
  const events = useEventGroups(rows, sort.column === "start" && !brief);
  return (
    <Dense className="live-table">
      <Table
        label={t("sessions")}
        columns={shown}
        rows={events.rows}
        groupOf={events.groupOf}
        keyOf={({ session }) => session.session_id}
        sort={sort}
        onSort={onSort && (({ column, down }) => isSort(column) && onSort({ sort: column, up: !down || undefined }))}
      />
      {leaving && <DeleteSession session={leaving} onClose={() => setLeaving(undefined)} />}
    </Dense>
  );
}

const Name = ({ session }: { session: Session }) => (
  <span className="live-name">
    <Thumbnail name={session.title} size="small" />
    <Link to="/live/$sessionId" params={{ sessionId: session.session_id }} look="row" title={session.title}>
      {session.title}
    </Link>
  </span>
);

function Started({ session }: { session: Session }) {
  if (!session.start_time) return <span className="muted nowrap">{t("sessions.not-started")}</span>;
  return (
    <time dateTime={session.start_time} title={moment(session.start_time)} className="nowrap">
      {date(session.start_time)} <span className="muted">{minute(session.start_time)}</span>
    </time>
  );
}

/** How long a session that is over was on air. */
function lasted({ start_time: start, end_time: end }: Session): string {
  return start && end ? duration((Date.parse(end) - Date.parse(start)) / 1000) : DASH;
}

function Actions({ session, looksOn, onDelete }: { session: Session; looksOn: boolean; onDelete: () => void }) {
  const navigate = useNavigate();
  const params = { sessionId: session.session_id };
  const over = session.state === "ended";
  if (looksOn) return null;
  return (
    <Menu
      label={t("sessions.actions-of", { title: session.title })}
      trigger={
        <Button kind="quiet" small className="icon-button" aria-label={t("sessions.actions-of", { title: session.title })} icon={<More aria-hidden />} />
      }
      actions={[
        over
          ? { id: "review", text: t("sessions.review"), onAction: () => void navigate({ to: "/live/$sessionId/review", params }) }
          : { id: "plan", text: t("sessions.plan"), onAction: () => void navigate({ to: "/live/$sessionId/plan", params }) },
        ...(over || session.state === "prepared"
          ? []
          : [{ id: "air", text: t("sessions.air"), onAction: () => void navigate({ to: "/live/$sessionId/air", params }) }]),
        ...(session.state === "prepared" && !session.event_id ? [{ id: "delete", text: t("sessions.delete"), danger: true, apart: true, onAction: onDelete }] : []),
      ]}
    />
  );
}

interface ValueProps {
  value: Reading | undefined;
  unit: Parameters<typeof reading>[1];
  currency: string;
}

/** A number, or a dash that says why there is none. */
export function Value({ value, unit, currency }: ValueProps) {
  const text = reading(value, unit, currency);
  if (text !== DASH) return <>{text}</>;
  const why = named("missing", value?.missing || "not_yet");
  return (
    <span className="muted" title={why}>
      {DASH}
      <span className="visually-hidden">{why}</span>
    </span>
  );
}
