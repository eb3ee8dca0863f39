import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useRef, useState } from "react";
import { Intention } from "../../api/intention";
import { access, type NewGrant } from "../../api/settings";
import { t } from "../../i18n";
import { Banner } from "../../ui/Banner";
import { Button } from "../../ui/Button";
import { DateField } from "../../ui/DateField";
import { Dialog } from "../../ui/Dialog";
import { problemText } from "../../ui/Notes";
import { notify, TOLD_IN_PLACE } from "../../ui/notices";
import { RadioGroup } from "../../ui/RadioGroup";
import { Select } from "../../ui/Select";
import { TextField } from "../../ui/TextField";
import type { Account, Place } from "./place";

const USUAL_DAYS = 30;
const MOST_DAYS = 89; // a grant ends within 90 days, and the last day counts whole
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The day so many days from now, as the reader's calendar has it. */
function dayIn(days: number): string {
  const day = new Date();
  day.setDate(day.getDate() + days);
  return [day.getFullYear(), day.getMonth() + 1, day.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
}

interface Props {
  place: Place;
  accounts: Account[];
  /** The key of what is read anew. */
  changed: readonly string[];
  onClose: () => void;
}

export function GiveAccess({ place, accounts, changed, onClose }: Props) {
  const cache = useQueryClient();
  const [account, setAccount] = useState(accounts[0]?.account_id ?? "");
  const [to, setTo] = useState<"partner" | "person">("person");
  const [partner, setPartner] = useState("");
  const [person, setPerson] = useState("");
  const [scope, setScope] = useState<NewGrant["scope"]>("read");
  const [until, setUntil] = useState<string | null>(() => dayIn(USUAL_DAYS));
  const intention = useRef(new Intention());
  const bindings = useQuery({ queryKey: ["bindings"], queryFn: access.bindings });
  const partners = (bindings.data ?? []).filter((one) => one.status === "active" && one.partner_id && one[place.field] === place.id);
  const chosen = partner || (partners[0]?.partner_id ?? "");
  const id = person.trim();
  const ready = until !== null && (to === "partner" ? chosen !== "" : UUID.test(id));
  const give = useMutation({
    meta: TOLD_IN_PLACE,
    mutationFn: () => {
      const whom = to === "partner" ? { partner_id: chosen } : { user_id: id };
      const grant: NewGrant = { scope, until_time: new Date(`${until}T23:59:59`).toISOString(), ...whom };
      return intention.current.send([account, grant], (key) => access.give(account, grant, key));
    },
    onSuccess: async () => {
      await cache.invalidateQueries({ queryKey: changed });
      notify(t("grants.done"));
      onClose();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (ready) give.mutate();
  };
  return (
    <Dialog title={t("grants.give")} isOpen onClose={onClose}>
      <form className="stack" onSubmit={submit}>
        {give.error && <p className="form-problem" role="alert">{problemText(give.error)}</p>}
        <Select label={t("team.account")} value={account} onChange={setAccount} choices={accounts.map((one) => ({ id: one.account_id, text: one.name }))} />
        <RadioGroup
          label={t("grants.to")}
          value={to}
          onChange={setTo}
          choices={[{ id: "person", text: t("grants.one-person") }, { id: "partner", text: t("grants.partner-people") }]}
        />
        {to === "person" && (
          <TextField
            label={t("grants.person-id")}
            isRequired
            value={person}
            onChange={setPerson}
            hint={t("grants.person-id.hint")}
            problem={id && !UUID.test(id) ? t("grants.person-id.wrong") : undefined}
          />
        )}
        {to === "partner" && partners.length === 0 && <Banner><p>{t("grants.no-partner")}</p></Banner>}
        {to === "partner" && partners.length > 0 && (
          <Select
            label={t("grants.partner")}
            value={chosen}
            onChange={setPartner}
            choices={partners.map((one) => ({ id: one.partner_id ?? "", text: one.partner_name ?? "" }))}
          />
        )}
        <RadioGroup
          label={t("grants.scope")}
          value={scope}
          onChange={setScope}
          choices={[
            { id: "read", text: t("grants.scope.read"), hint: t("grants.scope.read.hint") },
            { id: "moderate", text: t("grants.scope.moderate"), hint: t("grants.scope.moderate.hint") },
          ]}
        />
        <DateField label={t("grants.last-day")} value={until} onChange={setUntil} earliest={dayIn(0)} latest={dayIn(MOST_DAYS)} hint={t("grants.last-day.hint")} />
        <footer className="dialog-foot">
          <Button onPress={onClose}>{t("action.cancel")}</Button>
          <Button kind="primary" type="submit" isPending={give.isPending} isDisabled={!ready}>{t("grants.give")}</Button>
        </footer>
      </form>
    </Dialog>
  );
}
