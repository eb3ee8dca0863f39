import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { type Place as Places, team } from "../../api/settings";
import { named, t } from "../../i18n";
import { Button } from "../../ui/Button";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import { CopyField } from "../../ui/CopyField";
import { problemText } from "../../ui/Notes";
import { notify, TOLD_IN_PLACE } from "../../ui/notices";
import { Select } from "../../ui/Select";
import { Sheet } from "../../ui/Sheet";
import { PersonName } from "./Person";
import { mayChange, type Place } from "./place";
import { accountRoles, NO_ROLE, placeRoles } from "./roles";
import { MOST_ACCOUNTS, type Person, teamKey } from "./team";

interface Props {
  place: Place;
  person: Person;
  onClose: () => void;
}

interface Change {
  places: Places;
  id: string;
  role: string;
}

const send = (user: string) => ({ places, id, role }: Change) => (role === NO_ROLE ? team.revoke(places, id, user) : team.assign(places, id, user, role));

/** One person: each of their roles, which holds as soon as it is chosen, and how they leave. */
export function PersonSheet({ place, person, onClose }: Props) {
  const cache = useQueryClient();
  const [leaving, setLeaving] = useState(false);
  const isMe = person.user_id === place.me.user.user_id;
  const name = person.name || t("team.erased");
  const settled = async () => {
    await cache.invalidateQueries({ queryKey: teamKey(place) });
    if (isMe) await cache.invalidateQueries({ queryKey: ["me"] });
  };
  const change = useMutation({
    mutationFn: send(person.user_id), meta: TOLD_IN_PLACE, onSettled: settled,
    onSuccess: () => notify(t("team.changed", { name })),
  });
  const removed = async () => {
    // Whoever is refused in the middle, as the only host is, is read anew and shown as they are.
    for (const { account } of person.accounts) await team.revoke("accounts", account.account_id, person.user_id);
    if (person.role) await team.revoke(place.places, place.id, person.user_id);
  };
  const remove = useMutation({
    mutationFn: removed, onSettled: settled, meta: TOLD_IN_PLACE,
    onSuccess: () => {
      notify(t("team.removed", { name }));
      onClose();
    },
    onError: () => setLeaving(false),
  });
  const problem = remove.error ?? change.error;
  const onAccounts = place.accounts.slice(0, MOST_ACCOUNTS);
  const roleOn = (id: string) => person.accounts.find(({ account }) => account.account_id === id)?.role ?? NO_ROLE;
  const hasRole = person.role !== "" || person.accounts.length > 0;
  return (
    <Sheet title={t("team.person")} isOpen onClose={onClose}>
      <PersonName name={person.name} more={person.email} isMe={isMe} />
      {problem && <p className="form-problem" role="alert">{problemText(problem)}</p>}
      {place.isOwner ? (
        <Select
          label={t(`team.role-in.${place.places}`)}
          value={person.role || NO_ROLE}
          choices={placeRoles(place)}
          isDisabled={change.isPending}
          hint={person.role ? t(`team.may.${place.places}.${person.role as "owner"}`) : undefined}
          onChange={(role) => role !== (person.role || NO_ROLE) && change.mutate({ places: place.places, id: place.id, role })}
        />
      ) : (
        <p className="muted small">{t("team.owners-change")}</p>
      )}
      {onAccounts.length > 0 && (
        <section className="settings-part" aria-label={t("team.on-accounts")}>
          <h3>{t("team.on-accounts")}</h3>
          <div className="settings-list">
            {onAccounts.map((account) => (
              <Select
                key={account.account_id}
                label={account.name}
                value={roleOn(account.account_id)}
                choices={accountRoles()}
                isDisabled={change.isPending || !mayChange(place, account)}
                onChange={(role) =>
                  role !== roleOn(account.account_id) && change.mutate({ places: "accounts", id: account.account_id, role })}
              />
            ))}
          </div>
          {onAccounts.some((account) => !mayChange(place, account)) && <p className="muted small">{t("team.hosts-change")}</p>}
        </section>
      )}
      {place.isOwner && hasRole && (
        <section className="settings-part" aria-label={t("team.leave")}>
          <h3>{t("team.leave")}</h3>
          <p className="muted">{t("team.leave.hint")}</p>
          <div><Button kind="danger" onPress={() => setLeaving(true)}>{t("team.remove", { name })}</Button></div>
        </section>
      )}
      <section className="settings-part" aria-label={t("team.erase")}>
        <h3>{t("team.erase")}</h3>
        <p className="muted">{t("team.erase.hint")}</p>
        <CopyField label={t("team.id")} text={person.user_id} />
      </section>
      <ConfirmDialog
        title={t("team.remove", { name })}
        text={isMe ? t("team.remove.me") : t("team.remove.text", { name, roles: rolesOf(person) })}
        action={t("action.remove")}
        isOpen={leaving}
        onClose={() => setLeaving(false)}
        busy={remove.isPending}
        onConfirm={() => remove.mutate()}
      />
    </Sheet>
  );
}

/** "Staff, Moderator on Tea LIVE". */
const rolesOf = (person: Person) =>
  [person.role && named("role", person.role), ...person.accounts.map(({ account, role }) => t("team.role-on", { role: named("role", role), account: account.name }))]
    .filter(Boolean).join(", ");
