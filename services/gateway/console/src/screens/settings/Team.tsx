import UserPlus from "lucide-react/icons/user-plus";
import { useState } from "react";
import { named, t } from "../../i18n";
import { Badge } from "../../ui/Badge";
import { Banner } from "../../ui/Banner";
import { Button } from "../../ui/Button";
import { EmptyState } from "../../ui/EmptyState";
import { ProblemNote } from "../../ui/Notes";
import { type Column, Table } from "../../ui/Table";
import { AddPerson } from "./AddPerson";
import { Frame } from "./Frame";
import { PersonName } from "./Person";
import { PersonSheet } from "./PersonSheet";
import { mayChange, type Place } from "./place";
import { MOST_ACCOUNTS, type Person, useTeam } from "./team";
import "../../words/settings";

/** Who works for a shop, a creator or a partner, and what each may do. */
export function Team() {
  const [adding, setAdding] = useState(false);
  return (
    <Frame
      title={t("team")}
      about={(place) => t("team.about", { name: place.name })}
      actions={(place) => place.isOwner && (
        <Button kind="primary" icon={<UserPlus size={16} aria-hidden />} onPress={() => setAdding(true)}>{t("team.add")}</Button>
      )}
    >
      {(place) => (
        <>
          <People key={place.id} place={place} />
          {adding && <AddPerson place={place} onClose={() => setAdding(false)} />}
        </>
      )}
    </Frame>
  );
}

function People({ place }: { place: Place }) {
  const team = useTeam(place);
  const [open, setOpen] = useState("");
  const mine = place.me.user.user_id;
  const chosen = team.people.find((one) => one.user_id === open);
  const changes = place.isOwner || place.accounts.some((one) => mayChange(place, one));
  return (
    <>
      {!place.isOwner && <Banner title={t("team.not-owner")}><p>{t(changes ? "team.host-may" : "team.owners-change")}</p></Banner>}
      {place.accounts.length > MOST_ACCOUNTS && <Banner><p>{t("team.some-accounts", { n: MOST_ACCOUNTS })}</p></Banner>}
      {team.error ? (
        <ProblemNote error={team.error} retry={team.retry} />
      ) : (
        <Table
          label={t("team")}
          columns={columnsOf(place, mine, changes, setOpen)}
          rows={team.people}
          keyOf={(one) => one.user_id}
          loading={team.isPending}
          empty={<EmptyState title={t("team.none")} />}
        />
      )}
      {!team.isPending && !team.error && place.isOwner && team.people.length === 1 && <p className="muted">{t("team.alone")}</p>}
      {chosen && <PersonSheet key={open} place={place} person={chosen} onClose={() => setOpen("")} />}
    </>
  );
}

function columnsOf(place: Place, mine: string, changes: boolean, open: (id: string) => void): Column<Person>[] {
  return [
    {
      id: "name", head: t("team.person"), isRowHeader: true,
      cell: (one) => <PersonName name={one.name} more={one.email} isMe={one.user_id === mine} />,
    },
    { id: "role", head: t(`team.role-in.${place.places}`), cell: (one) => <Role person={one} place={place} /> },
    ...(place.places === "partners" ? [] : [{ id: "accounts", head: t("team.on-accounts"), cell: (one: Person) => <OnAccounts person={one} /> }]),
    {
      id: "open", head: <span className="visually-hidden">{t("team.details")}</span>, stays: true,
      cell: (one) => (
        <Button small onPress={() => open(one.user_id)} aria-label={t(changes ? "team.change-of" : "team.details-of", { name: one.name || t("team.erased") })}>
          {t(changes ? "team.change" : "team.details")}
        </Button>
      ),
    },
  ];
}

function Role({ person, place }: { person: Person; place: Place }) {
  if (!place.isOwner) return <span className="muted">{t("team.owners-see")}</span>;
  if (person.role) return <Badge tone={person.role === "owner" ? "accent" : "neutral"}>{named("role", person.role)}</Badge>;
  return <span className="muted">{t(person.accounts.length ? "team.accounts-only" : "team.no-role")}</span>;
}

const OnAccounts = ({ person }: { person: Person }) => (
  <span className="role-list">
    {person.accounts.map(({ account, role }) => (
      <Badge key={account.account_id}>{t("team.role-on", { role: named("role", role), account: account.name })}</Badge>
    ))}
  </span>
);
