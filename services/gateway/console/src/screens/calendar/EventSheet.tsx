import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useId, useState } from "react";
import { eventKeys, events, type LiveEvent } from "../../api/events";
import { Intention } from "../../api/intention";
import { keys, useLastAccount } from "../../api/queries";
import type { Account } from "../../app/scope";
import { t } from "../../i18n";
import { taken, TITLE, trimmed } from "../../lib/text";
import { spanIn } from "../../lib/zones";
import { Button } from "../../ui/Button";
import { notify, TOLD_IN_PLACE } from "../../ui/notices";
import { Select } from "../../ui/Select";
import { Sheet } from "../../ui/Sheet";
import { TextArea } from "../../ui/TextArea";
import { TextField } from "../../ui/TextField";
import { planOf } from "./plan";
import { DESCRIPTION } from "./rules";
import { Refusal, TimeCheck, TimeFields, useChecked } from "./TimeFields";
import { SuggestedHint } from "./SuggestedHint";
import { MINUTE } from "./times";

interface Props {
  /** When it may begin, as a proposal. */
  start: number;
  zone: string;
  accounts: readonly Account[];
  onClose: () => void;
  onDone: (event: LiveEvent) => void;
}

const USUAL = 120 * MINUTE;

/** A new LIVE event: what, whose, when, and for how long. */
export function EventSheet({ start, zone, accounts, onClose, onDone }: Props) {
  const form = useId();
  const cache = useQueryClient();
  const [chosen, setChosen] = useState("");
  const [title, setTitle] = useState("");
  const [description, setDescription] = useState("");
  const [tried, setTried] = useState(false);
  const [plan, setPlan] = useState(() => planOf({ start, end: start + USUAL }, zone));
  const [intention] = useState(() => new Intention());
  const last = useLastAccount(true).data;
  const usual = accounts.find((one) => one.account_id === last) ?? accounts.find((one) => one.kind === "official") ?? accounts[0];
  const account = chosen || (usual?.account_id ?? "");
  const checked = useChecked(account, plan);
  const whole = taken(title, TITLE) && taken(description, DESCRIPTION) && checked.fits;
  const change = (part: Partial<typeof plan>) => setPlan((now) => ({ ...now, ...part }));

  const schedule = useMutation({
    mutationFn: () => {
      const what = [account, trimmed(title), trimmed(description), checked.time!] as const;
      return intention.send(what, (key) => events.schedule(...what, key));
    },
    meta: TOLD_IN_PLACE,
    onSuccess: async ({ event }) => {
      cache.setQueryData(eventKeys.one(event.event_id), event);
      await Promise.all([eventKeys.all, keys.sessions].map((queryKey) => cache.invalidateQueries({ queryKey })));
      notify(t("event.scheduled", { title: event.title, time: spanIn(Date.parse(event.start_time), Date.parse(event.end_time), plan.zone) }));
      onClose();
      onDone(event);
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (whole) schedule.mutate();
  };
  return (
    <Sheet
      title={t("calendar.new")}
      isOpen
      onClose={onClose}
      foot={accounts.length > 0 && (
        <>
          <Button onPress={onClose}>{t("action.cancel")}</Button>
          <Button kind="primary" type="submit" form={form} isPending={schedule.isPending} isDisabled={checked.overlapping.length > 0}>{t("event.schedule")}</Button>
        </>
      )}
    >
      {accounts.length === 0 ? <p>{t("event.no-account")}</p> : (
        <form id={form} className="stack" onSubmit={submit} noValidate>
          <TextField
            label={t("event.title")} isRequired rule={TITLE} autoFocus value={title} onChange={setTitle}
            problem={tried && !trimmed(title) ? t("event.title-needed") : undefined}
          />
          {accounts.length > 1 && (
            <Select
              label={t("event.account")} value={account} onChange={setChosen}
              choices={accounts.map((one) => ({ id: one.account_id, text: one.name }))}
            />
          )}
          <SuggestedHint
            account={account} zone={plan.zone}
            onTake={({ start_time, duration_minutes }) => setPlan(planOf({ start: Date.parse(start_time), end: Date.parse(start_time) + duration_minutes * MINUTE }, plan.zone))}
          />
          <TimeFields plan={plan} onChange={change} used={[zone]} />
          <TimeCheck plan={plan} checked={checked} onChange={change} onLeave={onClose} />
          <TextArea label={t("event.description")} hint={t("event.description-hint")} rule={DESCRIPTION} lines={3} value={description} onChange={setDescription} />
          {checked.overlapping.length === 0 && <Refusal error={schedule.error} zone={plan.zone} onLeave={onClose} />}
        </form>
      )}
    </Sheet>
  );
}
