import { Link } from "../../ui/Link";
import type { Registry } from "../../api/queries";
import type { Me, Reading, Session, SessionRow } from "../../api/types";
import { named, t } from "../../i18n";
import { DASH, date, reading, zoned } from "../../lib/format";
import { openBoard } from "../../lib/windows";
import { SessionBadges } from "../../ui/SessionBadges";
import { Button } from "../../ui/Button";
import { MetricTip } from "../../ui/MetricTip";

interface Props {
  rows: SessionRow[];
  columns: string[];
  metrics: Registry;
  me: Me | undefined;
  /** Leads to what became of each session, not to its desk. */
  past?: boolean;
}

export function SessionTable({ rows, columns, metrics, me, past = false }: Props) {
  const accounts = new Map(me?.accounts.map((account) => [account.account_id, account.name]));
  return (
    <div className="table-frame" role="region" aria-label={t("sessions")} tabIndex={0}>
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{t("sessions.name")}</th>
            <th scope="col">{t("sessions.start")}</th>
            {columns.map((name) => (
              <th key={name} scope="col" className="number">
                {metrics.get(name)?.title ?? name} <MetricTip metric={metrics.get(name)} />
              </th>
            ))}
            <th scope="col" className="cell-open">
              <span className="visually-hidden">{t("sessions.open")}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ session, readings }) => (
            <tr key={session.session_id}>
              <th scope="row" className="cell-name">
                <Link to="/live/$sessionId" params={{ sessionId: session.session_id }} look="row">
                  {session.title}
                </Link>
                <SessionBadges session={session}>
                  <span className="muted small">{accounts.get(session.account_id)}</span>
                </SessionBadges>
              </th>
              <td className="nowrap">
                <Started session={session} />
              </td>
              {columns.map((name) => (
                <td key={name} className="number">
                  <Value
                    value={readings.find((one) => one.metric === name)}
                    unit={metrics.get(name)?.unit ?? "count"}
                    currency={session.currency}
                  />
                </td>
              ))}
              <td className="cell-open">
                {past ? (
                  <Link
                    to="/live/$sessionId/review"
                    params={{ sessionId: session.session_id }}
                    look="button" small
                    aria-label={t("analytics.details-of", { title: session.title })}
                  >
                    {t("analytics.details")}
                  </Link>
                ) : (
                  <Button
                    small
                    aria-label={t("sessions.board-of", { title: session.title })}
                    onPress={() => openBoard(session.session_id)}
                  >
                    {t("board")}
                  </Button>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Started({ session }: { session: Session }) {
  if (!session.start_time) return <span className="muted">{t("sessions.not-started")}</span>;
  return (
    <time dateTime={session.start_time}>
      {date(session.start_time)}
      <span className="muted"> {zoned(session.start_time)}</span>
    </time>
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
