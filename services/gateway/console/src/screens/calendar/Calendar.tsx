import Left from "lucide-react/icons/chevron-left";
import Plus from "lucide-react/icons/plus";
import Right from "lucide-react/icons/chevron-right";
import { useEffect, useMemo, useState } from "react";
import type { LiveEvent } from "../../api/events";
import { type Account, useScope } from "../../app/scope";
import { useSeats } from "../../app/seats";
import { Shell } from "../../app/Shell";
import { t } from "../../i18n";
import { regional } from "../../i18n/locale";
import { useMedia } from "../../lib/media";
import { useTitle } from "../../lib/title";
import { daysIn, longDayIn, monthIn } from "../../lib/zones";
import { Button } from "../../ui/Button";
import { IconButton } from "../../ui/IconButton";
import { ProblemNote } from "../../ui/Notes";
import { PageHeader } from "../../ui/PageHeader";
import { part } from "../../ui/part";
import { SegmentedControl } from "../../ui/SegmentedControl";
import { DayList } from "./DayList";
import { entryOfEvent, type Entry, useEntries } from "./entries";
import { MonthGrid } from "./MonthGrid";
import { VIEWS } from "./place";
import { dateOf, type Day, daysOf, MINUTE, type Span, stepped } from "./times";
import { TimeGrid } from "./TimeGrid";
import { usePlace, type Where } from "./usePlace";
import "./calendar.css";
import "../../words/calendar";
import "../../words/events";

const ZoneField = part<{ zone: string; used: readonly string[]; onChange: (zone: string) => void }>(
  () => import("./ZoneField").then((file) => file.ZoneField),
  ({ zone }) => <span className="cal-zone-held muted small">{zone}</span>,
);
const EventSheet = part(() => import("./EventSheet").then((file) => file.EventSheet), () => null);
const EventPanel = part(() => import("./EventPanel").then((file) => file.EventPanel), () => null);
const MoveDialog = part(() => import("./MoveDialog").then((file) => file.MoveDialog), () => null);

/** What every view of the calendar shows, and what can be done in it. */
export interface ViewProps {
  days: readonly Day[];
  zone: string;
  now: number;
  entries: readonly Entry[];
  /** The place of an account among its neighbours, for its colour; and its name where there are several. */
  looks: (account: string) => { colour: number; name: string };
  where: Where;
  /** Whoever looks on only: nothing is planned or moved. */
  readOnly: boolean;
  onOpen: (entry: Entry) => void;
  onNew: (start: number) => void;
  onMove: (event: LiveEvent, span: Span) => void;
}

const PHONE = "(max-width: 700px)";
const COLOURS = 6;
const TICK_MS = 30_000;

/** LIVE events of all accounts that somebody works for: by day, week and month. */
export function Calendar() {
  useTitle(t("calendar"));
  const where = usePlace();
  const { view, date, zone } = where;
  const now = useTick();
  const scope = useScope();
  const looksOn = useSeats().work === "partner";
  const narrow = useMedia(PHONE);
  const day = date.toString();
  const days = useMemo(() => daysOf(view, date, zone, regional), [view, day, zone]);
  const { entries, error, retry, isPending } = useEntries({ start: days[0]!.start, end: days.at(-1)!.end }, scope, now);
  const [planned, setPlanned] = useState<{ start: number }>();
  const [moving, setMoving] = useState<{ event: LiveEvent; span: Span }>();
  const hosted = scope.accounts.filter((one) => one.shop_id);
  const plan = (start: number) => !looksOn && setPlanned({ start: Math.max(start, nextHalfHour(now)) });
  const tomorrow = nextHalfHour(now + DAY_MS);
  const proposal = planned ?? (where.plan && !scope.isPending ? { start: tomorrow } : undefined);
  const props: ViewProps = {
    days, zone, now, entries, where, readOnly: looksOn,
    looks: looksOf(scope.accounts),
    onOpen: (entry) => where.go({ event: entry.id }),
    onNew: plan,
    onMove: (event, span) => setMoving({ event, span }),
  };
  const View = narrow ? DayList : view === "month" ? MonthGrid : TimeGrid;
  return (
    <Shell narrowed>
      <PageHeader
        title={t("calendar")}
        actions={!looksOn && <Button kind="primary" icon={<Plus aria-hidden />} onPress={() => plan(tomorrow)}>{t("calendar.new")}</Button>}
      />
      <Tools where={where} days={days} now={now} used={entries.flatMap((one) => one.event?.time_zone ?? [])} />
      {scope.accounts.length > 1 && <Legend accounts={scope.accounts} looks={props.looks} />}
      {error && <ProblemNote error={error} retry={retry} />}
      <div className="cal" aria-busy={isPending}><View {...props} /></div>
      {!narrow && <p className="muted small cal-keys">{t("calendar.keys")}</p>}
      {proposal && (
        <EventSheet
          start={proposal.start} zone={zone} accounts={hosted}
          onClose={() => {
            setPlanned(undefined);
            if (where.plan) where.go({ plan: false });
          }}
          onDone={(event: LiveEvent) => where.go({ plan: false, event: event.event_id, date: dateOf(Date.parse(event.start_time), zone) })}
        />
      )}
      {where.event && (
        <EventPanel
          id={where.event} zone={zone} looksOn={looksOn} session={entries.find((one) => one.id === where.event && !one.event)}
          onMove={(event: LiveEvent) => setMoving({ event, span: entryOfEvent(event, now) })}
          onClose={() => where.go({ event: "", date })}
        />
      )}
      {moving && <MoveDialog event={moving.event} span={moving.span} zone={zone} onClose={() => setMoving(undefined)} />}
    </Shell>
  );
}

/** The browser's clock: a calendar has no seconds. */
function useTick(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  return now;
}

const DAY_MS = 24 * 60 * MINUTE;
const HALF_HOUR = 30 * MINUTE;
const nextHalfHour = (now: number) => Math.ceil(now / HALF_HOUR) * HALF_HOUR;

function looksOf(accounts: readonly Account[]): ViewProps["looks"] {
  const places = new Map(accounts.map((one, at) => [one.account_id, { colour: (at % COLOURS) + 1, name: accounts.length > 1 ? one.name : "" }]));
  return (account) => places.get(account) ?? { colour: 1, name: "" };
}

interface ToolsProps {
  where: Where;
  days: readonly Day[];
  now: number;
  used: readonly string[];
}

/** Which time is shown, how much of it, and in which zone. */
function Tools({ where, days, now, used }: ToolsProps) {
  const { view, date, zone, go, setZone } = where;
  const step = (by: number) => () => go({ date: stepped(view, date, by) });
  const first = days[0]!;
  const name = {
    day: () => longDayIn(first.start, zone),
    week: () => daysIn(first.start, days.at(-1)!.start, zone),
    month: () => monthIn(days[15]!.start, zone),
  }[view]();
  return (
    <div className="cal-tools">
      <div className="row cal-steps">
        <IconButton small repeats label={t(`calendar.before-${view}`)} icon={<Left aria-hidden />} onPress={step(-1)} />
        <Button small onPress={() => go({ date: dateOf(now, zone) })}>{t("calendar.today")}</Button>
        <IconButton small repeats label={t(`calendar.after-${view}`)} icon={<Right aria-hidden />} onPress={step(1)} />
        <h2 className="cal-name" aria-live="polite">{name}</h2>
      </div>
      <SegmentedControl label={t("calendar.view")} value={view} onChange={(next) => go({ view: next })} choices={VIEWS.map((id) => ({ id, text: t(`calendar.${id}`) }))} />
      <ZoneField zone={zone} used={used} onChange={setZone} />
    </div>
  );
}

const MOST_NAMED = 12;

function Legend({ accounts, looks }: { accounts: readonly Account[]; looks: ViewProps["looks"] }) {
  return (
    <ul className="cal-legend" aria-label={t("calendar.accounts")}>
      {accounts.slice(0, MOST_NAMED).map((one) => (
        <li key={one.account_id} className={`cal-colour-${looks(one.account_id).colour}`}><span className="cal-dot" aria-hidden="true" />{one.name}</li>
      ))}
      {accounts.length > MOST_NAMED && <li className="muted">{t("calendar.more-accounts", { n: accounts.length - MOST_NAMED })}</li>}
    </ul>
  );
}
