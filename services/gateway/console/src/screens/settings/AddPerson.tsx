import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useRef, useState } from "react";
import { Intention } from "../../api/intention";
import { team, type User } from "../../api/settings";
import { named, t } from "../../i18n";
import { NAME, taken, trimmed } from "../../lib/text";
import { Banner } from "../../ui/Banner";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { problemText } from "../../ui/Notes";
import { TOLD_IN_PLACE } from "../../ui/notices";
import { Select } from "../../ui/Select";
import { TextField } from "../../ui/TextField";
import type { Place } from "./place";
import { ACCOUNT_ROLES, PLACE_ROLES } from "./roles";
import { teamKey } from "./team";

const isOnAccount = (role: string) => (ACCOUNT_ROLES as readonly string[]).includes(role);

/** A new person, with the first of their roles. */
export function AddPerson({ place, onClose }: { place: Place; onClose: () => void }) {
  const cache = useQueryClient();
  const [name, setName] = useState("");
  const [email, setEmail] = useState("");
  const [role, setRole] = useState(place.accounts.length ? "moderator" : "staff");
  const [account, setAccount] = useState(place.accounts[0]?.account_id ?? "");
  const intention = useRef(new Intention());
  const choices = [
    ...PLACE_ROLES.map((id) => ({ id: id as string, text: named("role", id), hint: t(`team.may.${place.places}.${id}`), group: place.name })),
    ...(place.accounts.length ? ACCOUNT_ROLES : []).map((id) => ({
      id: id as string, text: named("role", id), hint: t(`team.may.${id}`), group: t("team.one-account"),
    })),
  ];
  const add = useMutation({
    meta: TOLD_IN_PLACE,
    // Pressing again after a refusal of the role finds the same person: their name and address have not changed.
    mutationFn: async (): Promise<User> => {
      const body = { name: trimmed(name), email: email.trim(), [place.field]: place.id };
      const user = await intention.current.send(body, (key) => team.add(body, key));
      if (isOnAccount(role)) await team.assign("accounts", account, user.user_id, role);
      else await team.assign(place.places, place.id, user.user_id, role);
      return user;
    },
    onSettled: () => cache.invalidateQueries({ queryKey: teamKey(place) }),
  });
  const ready = taken(name, NAME) && email.includes("@");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (ready) add.mutate();
  };
  if (add.data)
    return (
      <Dialog title={t("team.added", { name: add.data.name })} isOpen onClose={onClose}>
        <Banner tone="good"><p>{t("team.added.how", { email: add.data.email ?? email })}</p></Banner>
        <footer className="dialog-foot"><Button kind="primary" onPress={onClose} autoFocus>{t("action.done")}</Button></footer>
      </Dialog>
    );
  return (
    <Dialog title={t("team.add")} isOpen onClose={onClose}>
      <form className="stack" onSubmit={submit}>
        {add.error && <p className="form-problem" role="alert">{problemText(add.error)}</p>}
        <TextField label={t("team.name")} isRequired autoFocus rule={NAME} value={name} onChange={setName} />
        <TextField label={t("sign-in.email")} type="email" isRequired value={email} onChange={setEmail} hint={t("team.email.hint")} />
        <Select label={t("team.may-do")} value={role} choices={choices} onChange={setRole} hint={choices.find((one) => one.id === role)?.hint} />
        {isOnAccount(role) && (
          <Select label={t("team.account")} value={account} onChange={setAccount} choices={place.accounts.map((one) => ({ id: one.account_id, text: one.name }))} />
        )}
        <footer className="dialog-foot">
          <Button onPress={onClose}>{t("action.cancel")}</Button>
          <Button kind="primary" type="submit" isPending={add.isPending} isDisabled={!ready}>{t("team.add.action")}</Button>
        </footer>
      </form>
    </Dialog>
  );
}
