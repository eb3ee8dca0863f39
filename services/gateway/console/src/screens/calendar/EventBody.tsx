import { useMutation, useQueryClient } from "@tanstack/react-query";
import Move from "lucide-react/icons/calendar-clock";
import Pencil from "lucide-react/icons/pencil";
import Trash from "lucide-react/icons/trash-2";
import { useState } from "react";
import { eventKeys, type EventState, events, type LiveEvent, useRegistrations } from "../../api/events";
import { keys, useMe, useSession } from "../../api/queries";
import { t } from "../../i18n";
import { DASH, zoneName } from "../../lib/format";
import { spanIn } from "../../lib/zones";
import { Badge, type Tone } from "../../ui/Badge";
import { Banner } from "../../ui/Banner";
import { Button } from "../../ui/Button";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import { KeyValue } from "../../ui/KeyValue";
import { Link } from "../../ui/Link";
import { notify } from "../../ui/notices";
import { EditDialog } from "./EditDialog";
import { standOf } from "./entries";
import { EventSessions } from "./EventSessions";
import { Promotion } from "./Promotion";

const TONES: Record<EventState, Tone> = { scheduled: "neutral", setting_up: "info", ready: "good", live: "on-air", paused: "warn", running_over: "on-air", ended: "neutral" };

export function EventBadge({ event }: { event: LiveEvent }) {
  const missed = standOf(event) === "missed";
  return <Badge tone={missed ? "warn" : TONES[event.state]} dot={standOf(event) === "on-air"}>{t(missed ? "event.missed" : `event.state-${event.state}`)}</Badge>;
}

interface Props {
  event: LiveEvent;
  zone: string;
  looksOn: boolean;
  /** On the page of a session of it: no link leads to what is here. */
  here?: boolean;
  onMove: (event: LiveEvent) => void;
  /** It was deleted. */
  onGone: () => void;
}

/** An event: when, how it stands, what is ready, its sessions, how it is made known. */
export function EventBody({ event, zone, looksOn, here = false, onMove, onGone }: Props) {
  const [editing, setEditing] = useState(false);
  const [deleting, setDeleting] = useState(false);
  const over = event.state === "ended";
  const onAir = event.state === "live" || event.state === "running_over";
  const next = event.sessions?.at(-1)?.session_id;
  const params = { sessionId: next ?? "" };
  return (
    <>
      <Facts event={event} zone={zone} next={over ? undefined : next} here={here} />
      {event.description && <p className="event-text" dir="auto">{event.description}</p>}
      {over && <Banner>{t("event.read-only")}</Banner>}
      {!over && !looksOn && (
        <div className="row">
          {next && <Link to="/live/$sessionId/air" params={params} look={here ? "button" : "button-primary"}>{t("event.console")}</Link>}
          {next && !here && <Link to="/live/$sessionId/plan" params={params} look="button">{t("event.prepare")}</Link>}
          <Button icon={<Move aria-hidden />} onPress={() => onMove(event)}>{t(onAir || event.state === "paused" ? "event.set-end" : "event.move")}</Button>
          <Button icon={<Pencil aria-hidden />} onPress={() => setEditing(true)}>{t("event.edit")}</Button>
          {!onAir && <Button kind="quiet" icon={<Trash aria-hidden />} onPress={() => setDeleting(true)}>{t("event.delete")}</Button>}
        </div>
      )}
      <EventSessions event={event} zone={zone} looksOn={looksOn} />
      {!over && <Promotion event={event} readOnly={looksOn} />}
      {editing && <EditDialog event={event} onClose={() => setEditing(false)} />}
      {deleting && <Delete event={event} onClose={() => setDeleting(false)} onGone={onGone} />}
    </>
  );
}

function Facts({ event, zone, next, here }: { event: LiveEvent; zone: string; next: string | undefined; here: boolean }) {
  const me = useMe().data;
  const account = me?.accounts.find((one) => one.account_id === event.account_id)?.name;
  const registered = useRegistrations(event.event_id);
  const [start, end] = [Date.parse(event.start_time), Date.parse(event.end_time)];
  const zones = [...new Set([zone, event.time_zone, zoneName()])];
  return (
    <>
      <p className="row"><EventBadge event={event} />{account && <span className="muted">{account}</span>}</p>
      <KeyValue
        items={[
          ...zones.map((one, at) => ({ name: at === 0 ? t("event.when") : t("event.when-in", { zone: one }), value: spanIn(start, end, one) })),
          { name: t("event.zone"), value: event.time_zone },
          ...(next && !here ? [{ name: t("event.products"), value: <Products session={next} /> }] : []),
          ...(registered ? [{ name: t("event.registered"), value: t("event.registered-count", { n: registered.confirmed ?? 0, asked: registered.asked ?? 0 }) }] : []),
        ]}
      />
    </>
  );
}

/** What its session holds: one list, so that the number is the same wherever it stands. */
function Products({ session }: { session: string }) {
  const size = useSession(session).data?.bag_size;
  return (
    <Link to="/live/$sessionId/plan" params={{ sessionId: session }}>
      {size === undefined ? DASH : t("event.products-count", { n: size })}
    </Link>
  );
}

function Delete({ event, onClose, onGone }: { event: LiveEvent; onClose: () => void; onGone: () => void }) {
  const cache = useQueryClient();
  const remove = useMutation({
    mutationFn: () => events.remove(event.event_id),
    onSuccess: async () => {
      onGone();
      cache.removeQueries({ queryKey: eventKeys.one(event.event_id) });
      await Promise.all([eventKeys.all, keys.sessions].map((queryKey) => cache.invalidateQueries({ queryKey })));
      notify(t("event.deleted", { title: event.title }));
    },
    onSettled: onClose,
  });
  const held = (event.sessions ?? []).some((one) => one.start_time);
  return (
    <ConfirmDialog
      title={t("event.delete-title")}
      text={t(held ? "event.delete-held" : "event.delete-text", { title: event.title })}
      action={t("event.delete")}
      isOpen
      busy={remove.isPending}
      onClose={onClose}
      onConfirm={() => remove.mutate()}
    />
  );
}
