import CalendarMark from "lucide-react/icons/calendar-days";
import { type EventAhead, useEventsAhead } from "../../api/home";
import type { Account } from "../../app/scope";
import { named, t } from "../../i18n";
import { DASH, moment } from "../../lib/format";
import { useNow } from "../../lib/now";
import { Badge } from "../../ui/Badge";
import { Card } from "../../ui/Card";
import { EmptyState } from "../../ui/EmptyState";
import { Link } from "../../ui/Link";
import { ProblemNote } from "../../ui/Notes";
import { Skeleton } from "../../ui/Skeleton";
import { countdown } from "./countdown";

const TONES: Record<string, "live" | "warn" | "accent"> = {
  setting_up: "warn", ready: "accent", paused: "warn", live: "live", running_over: "live",
};

const SHOWN = 5;

interface Props {
  accounts: readonly Account[];
  /** What is shown is of one place alone. */
  narrowed: boolean;
}

/** The next events, each with the time until it begins; without one, the way to plan it. */
export function Upcoming({ accounts, narrowed }: Props) {
  const names = new Map(accounts.map((one) => [one.account_id, one.name]));
  const only = accounts.length === 1 ? accounts[0]!.account_id : "";
  const found = useEventsAhead(only, accounts.length > 0);
  const rows = (found.data ?? []).filter((one) => !narrowed || names.has(one.account_id)).slice(0, SHOWN);
  const now = useNow(rows.length > 0);
  return (
    <Card title={t("home.events")} actions={<Link to="/live/calendar" search={{ plan: true }} look="button" small>{t("home.schedule")}</Link>}>
      {found.error && <ProblemNote error={found.error} retry={() => void found.refetch()} />}
      {found.isLoading && <Skeleton lines={3} />}
      {found.data && rows.length === 0 && <EmptyState icon={<CalendarMark aria-hidden />} title={t("home.events-none")} />}
      {rows.length > 0 && (
        <ul className="home-list">
          {rows.map((event) => (
            <Ahead key={event.event_id} event={event} now={now} account={accounts.length > 1 ? (names.get(event.account_id) ?? DASH) : ""} />
          ))}
        </ul>
      )}
    </Card>
  );
}

function Ahead({ event, now, account }: { event: EventAhead; now: number; account: string }) {
  const session = event.sessions?.at(-1)?.session_id;
  const tone = TONES[event.state];
  return (
    <li className="home-live">
      <span className="home-words">
        <Link to="/live/calendar" search={{ event: event.event_id }} look="row">{event.title}</Link>
        <span className="muted small">{[moment(event.start_time), account].filter(Boolean).join(" · ")}</span>
      </span>
      {tone ? <Badge tone={tone}>{named("home.event", event.state)}</Badge> : <Left start={event.start_time} now={now} />}
      {session && <Link to="/live/$sessionId/plan" params={{ sessionId: session }} look="button" small>{t("home.prepare")}</Link>}
    </li>
  );
}

function Left({ start, now }: { start: string; now: number }) {
  const { kind, ...parts } = countdown(Date.parse(start), now);
  return <span className="home-left tabular">{t(`home.left-${kind}`, parts)}</span>;
}
