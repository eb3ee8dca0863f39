import { useMutation, useQueries, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { access, type Grant, team } from "../../api/settings";
import { named, t } from "../../i18n";
import { date, daysLeft } from "../../lib/format";
import { Badge, type Tone } from "../../ui/Badge";
import { Banner } from "../../ui/Banner";
import { Button } from "../../ui/Button";
import { Card } from "../../ui/Card";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import { CopyField } from "../../ui/CopyField";
import { EmptyState } from "../../ui/EmptyState";
import { ProblemNote } from "../../ui/Notes";
import { notify } from "../../ui/notices";
import { type Column, Table } from "../../ui/Table";
import { Tabs } from "../../ui/Tabs";
import { Frame } from "./Frame";
import { GiveAccess } from "./GiveAccess";
import { type Account, mayChange, type Place } from "./place";
import { MOST_ACCOUNTS, teamKey } from "./team";
import { Uses } from "./Uses";
import "../../words/settings";

const TONES: Record<string, Tone> = { active: "good" };
const grantsKey = (place: Place) => ["grants", place.id];

/** Who from outside may look into an account, or moderate it, until when; and what the reader was given. */
export function Grants() {
  const [tab, setTab] = useState<"given" | "received">("given");
  const [giving, setGiving] = useState(false);
  const own = (place: Place) => place.accounts.filter((one) => mayChange(place, one));
  return (
    <Frame
      title={t("grants")}
      about={() => t("grants.about")}
      actions={(place) => own(place).length > 0 && <Button kind="primary" onPress={() => setGiving(true)}>{t("grants.give")}</Button>}
    >
      {(place) => (
        <>
          <Tabs
            label={t("grants")}
            selected={tab}
            onChange={setTab}
            tabs={[
              { id: "given", text: t("grants.given"), content: <Given key={place.id} place={place} accounts={own(place)} /> },
              { id: "received", text: t("grants.received"), content: <Received place={place} /> },
            ]}
          />
          {giving && <GiveAccess place={place} accounts={own(place)} changed={grantsKey(place)} onClose={() => setGiving(false)} />}
        </>
      )}
    </Frame>
  );
}

interface Row extends Grant {
  account: Account;
  /** Of the person or the partner, where it is known. */
  to: string;
}

function useGiven(place: Place, accounts: Account[]) {
  const asked = accounts.slice(0, MOST_ACCOUNTS);
  const each = useQueries({
    queries: asked.map(({ account_id }) => ({ queryKey: [...grantsKey(place), account_id], queryFn: () => access.grants(account_id) })),
  });
  // The names of people are known only of those around what the reader owns.
  const users = useQuery({
    queryKey: [...teamKey(place), "users"], queryFn: () => team.users({ [place.field]: place.id }), enabled: place.isOwner,
  });
  const names = new Map((users.data ?? []).map((one) => [one.user_id, one.name]));
  const rows = asked.flatMap((account, at) =>
    (each[at]?.data ?? []).map((grant): Row => ({ ...grant, account, to: grant.partner_name ?? names.get(grant.user_id ?? "") ?? "" })),
  );
  rows.sort((a, b) => Number(b.state === "active") - Number(a.state === "active") || b.given_time.localeCompare(a.given_time));
  return { rows, names, isPending: each.some((one) => one.isPending), error: each.find((one) => one.error)?.error, retry: () => each.forEach((one) => void one.refetch()) };
}

function Given({ place, accounts }: { place: Place; accounts: Account[] }) {
  const cache = useQueryClient();
  const { rows, names, ...given } = useGiven(place, accounts);
  const [looking, setLooking] = useState<Row>();
  const [revoking, setRevoking] = useState<Row>();
  const revoke = useMutation({
    mutationFn: (row: Row) => access.revoke(row.grant_id),
    onSuccess: () => notify(t("grants.revoked")),
    onSettled: async () => {
      setRevoking(undefined);
      await cache.invalidateQueries({ queryKey: grantsKey(place) });
    },
  });
  if (accounts.length === 0) return <Banner title={t("grants.not-owner")}><p>{t("grants.not-owner.hint")}</p></Banner>;
  if (given.error) return <ProblemNote error={given.error} retry={given.retry} />;
  return (
    <>
      {accounts.length > MOST_ACCOUNTS && <Banner><p>{t("team.some-accounts", { n: MOST_ACCOUNTS })}</p></Banner>}
      <Table
        label={t("grants.given")}
        columns={columnsOf(setLooking, setRevoking)}
        rows={rows}
        keyOf={(one) => one.grant_id}
        loading={given.isPending}
        empty={<EmptyState title={t("grants.none")} />}
      />
      {looking && <Uses grant={looking} names={names} onClose={() => setLooking(undefined)} />}
      {revoking && (
        <ConfirmDialog
          title={t("grants.revoke.title")}
          text={t("grants.revoke.text", { name: whom(revoking), account: revoking.account.name })}
          action={t("grants.revoke")}
          isOpen
          onClose={() => setRevoking(undefined)}
          busy={revoke.isPending}
          onConfirm={() => revoke.mutate(revoking)}
        />
      )}
    </>
  );
}

const whom = (row: Row) => row.to || t("grants.person", { id: (row.user_id ?? "").slice(0, 8) });

function until(row: Row): string {
  if (row.state !== "active") return date(row.end_time ?? row.until_time);
  return t("grants.until", { date: date(row.until_time), n: daysLeft(row.until_time, Date.now()) });
}

function columnsOf(look: (row: Row) => void, revoke: (row: Row) => void): Column<Row>[] {
  return [
    {
      id: "to", head: t("grants.to"), isRowHeader: true,
      cell: (row) => <span className="person-text"><span data-text={row.to ? true : undefined}>{whom(row)}</span><span className="muted small">{t(row.partner_id ? "grants.partner" : "grants.one-person")}</span></span>,
    },
    { id: "account", head: t("team.account"), cell: (row) => <span data-text>{row.account.name}</span> },
    { id: "scope", head: t("grants.scope"), cell: (row) => named("grants.scope", row.scope) },
    { id: "state", head: t("grants.state"), cell: (row) => <Badge tone={TONES[row.state]}>{named("grants.state", row.state)}</Badge> },
    { id: "until", head: t("grants.ends"), cell: until },
    {
      id: "do", head: <span className="visually-hidden">{t("grants.actions")}</span>, stays: true,
      cell: (row) => (
        <span className="grant-actions">
          <Button small onPress={() => look(row)} aria-label={t("grants.uses-of", { name: whom(row), account: row.account.name })}>{t("grants.uses")}</Button>
          {row.state === "active" && (
            <Button small onPress={() => revoke(row)} aria-label={t("grants.revoke-of", { name: whom(row), account: row.account.name })}>{t("grants.revoke")}</Button>
          )}
        </span>
      ),
    },
  ];
}

/** Accounts of others: the role that a list shows of them is what a grant gives. */
function Received({ place }: { place: Place }) {
  const { me } = place;
  const shops = new Set(me.shops.map((one) => one.shop_id));
  const rows = me.accounts.filter((one) => one.role === "reader" || (one.role === "moderator" && one.shop_id !== undefined && !shops.has(one.shop_id)));
  return (
    <div className="stack">
      <Table
        label={t("grants.received")}
        columns={[
          { id: "account", head: t("team.account"), isRowHeader: true, cell: (one) => <span data-text>{one.name}</span> },
          { id: "scope", head: t("grants.scope"), cell: (one) => named("grants.scope", one.role === "reader" ? "read" : "moderate") },
        ]}
        rows={rows}
        keyOf={(one) => one.account_id}
        empty={<EmptyState title={t("grants.none-received")} />}
      />
      <Card title={t("grants.your-id")} hint={t("grants.your-id.hint")}>
        <CopyField label={t("team.id")} text={me.user.user_id} />
      </Card>
    </div>
  );
}
