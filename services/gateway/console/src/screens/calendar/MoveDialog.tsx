import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { eventKeys, events, type LiveEvent } from "../../api/events";
import { keys } from "../../api/queries";
import { t } from "../../i18n";
import { spanIn } from "../../lib/zones";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { notify, TOLD_IN_PLACE } from "../../ui/notices";
import { planOf, timeOf } from "./plan";
import { Refusal, TimeCheck, TimeFields, useChecked } from "./TimeFields";
import type { Span } from "./times";

interface Props {
  event: LiveEvent;
  /** Where it is to go, as a proposal. */
  span: Span;
  zone: string;
  onClose: () => void;
}

/** Moves an event, or changes its length; what is in the way is told before it is saved. */
export function MoveDialog({ event, span, zone, onClose }: Props) {
  const cache = useQueryClient();
  // Planned in the event's own zone, unless somebody plans in another one.
  const [plan, setPlan] = useState(() => planOf(span, event.time_zone));
  const begun = event.state === "live" || event.state === "paused" || event.state === "running_over";
  const checked = useChecked(begun ? "" : event.account_id, plan, event.event_id);
  const change = (part: Partial<typeof plan>) => setPlan((now) => ({ ...now, ...part }));
  const asItWas = timeOf(planOf({ start: Date.parse(event.start_time), end: Date.parse(event.end_time) }, event.time_zone));
  const ready = checked.time !== undefined && (begun || checked.fits) && JSON.stringify(checked.time) !== JSON.stringify(asItWas);
  const move = useMutation({
    mutationFn: () => events.update(event.event_id, { time: checked.time! }, event.version),
    meta: TOLD_IN_PLACE,
    onSuccess: async ({ event: now }) => {
      cache.setQueryData(eventKeys.one(now.event_id), now);
      await Promise.all([eventKeys.all, keys.sessions].map((queryKey) => cache.invalidateQueries({ queryKey })));
      notify(t("event.moved", { title: now.title, time: spanIn(Date.parse(now.start_time), Date.parse(now.end_time), zone) }));
      onClose();
    },
  });
  const submit = (form: FormEvent) => {
    form.preventDefault();
    if (ready) move.mutate();
  };
  return (
    <Dialog title={t("event.move-title", { title: event.title })} isOpen onClose={onClose}>
      <form className="stack" onSubmit={submit} noValidate>
        <p className="muted">{t("event.now-at", { time: spanIn(Date.parse(event.start_time), Date.parse(event.end_time), event.time_zone) })}</p>
        <TimeFields plan={plan} onChange={change} used={[zone, event.time_zone]} begun={begun} />
        <TimeCheck plan={plan} checked={checked} onChange={change} onLeave={onClose} />
        <Refusal error={move.error} zone={plan.zone} onLeave={onClose} />
        <footer className="dialog-foot">
          <Button onPress={onClose}>{t("action.cancel")}</Button>
          <Button kind="primary" type="submit" isPending={move.isPending} isDisabled={!ready}>{t(begun ? "event.set-end" : "event.move")}</Button>
        </footer>
      </form>
    </Dialog>
  );
}
