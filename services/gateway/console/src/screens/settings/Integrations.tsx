import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import Plug from "lucide-react/icons/plug";
import { useState } from "react";
import { type Connector, connectors } from "../../api/settings";
import { named, t } from "../../i18n";
import { date } from "../../lib/format";
import { Badge } from "../../ui/Badge";
import { Banner } from "../../ui/Banner";
import { Button } from "../../ui/Button";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import { EmptyState } from "../../ui/EmptyState";
import { ProblemNote } from "../../ui/Notes";
import { notify } from "../../ui/notices";
import { type Column, Table } from "../../ui/Table";
import { CheckoutCard } from "./CheckoutCard";
import { ConnectorSheet } from "./ConnectorSheet";
import { Credential } from "./Credential";
import { Frame } from "./Frame";
import { NewConnector } from "./NewConnector";
import type { Place } from "./place";
import "../../words/settings";

export const connectorsKey = (place: Place) => ["connectors", place.id];

/** Programs that report what happens elsewhere: another platform's LIVE, a payment service, the shop's own checkout. */
export function Integrations() {
  const [adding, setAdding] = useState(false);
  const [credential, setCredential] = useState("");
  return (
    <Frame
      title={t("integrations")}
      about={(place) => t("integrations.about", { name: place.name })}
      actions={(place) => place.isOwner && <Button kind="primary" onPress={() => setAdding(true)}>{t("integrations.add")}</Button>}
    >
      {(place) => (
        <>
          {place.isOwner ? (
            <>
              <Connectors key={place.id} place={place} told={setCredential} />
              {place.field === "shop_id" && <CheckoutCard key={`checkout ${place.id}`} place={place} />}
            </>
          ) : (
            <Banner title={t("integrations.not-owner")}><p>{t("integrations.not-owner.hint")}</p></Banner>
          )}
          {adding && <NewConnector place={place} onClose={() => setAdding(false)} told={setCredential} />}
          {credential && <Credential text={credential} onClose={() => setCredential("")} />}
        </>
      )}
    </Frame>
  );
}

function Connectors({ place, told }: { place: Place; told: (credential: string) => void }) {
  const cache = useQueryClient();
  const [open, setOpen] = useState("");
  const [asked, setAsked] = useState<{ what: "rotate" | "remove"; one: Connector }>();
  const list = useQuery({ queryKey: connectorsKey(place), queryFn: () => connectors.list({ [place.field]: place.id }) });
  const settled = async () => {
    setAsked(undefined);
    await cache.invalidateQueries({ queryKey: connectorsKey(place) });
  };
  const rotate = useMutation({
    mutationFn: (one: Connector) => connectors.rotate(one.connector_id), onSettled: settled,
    onSuccess: ({ credential }) => told(credential),
  });
  const remove = useMutation({
    mutationFn: (one: Connector) => connectors.remove(one.connector_id), onSettled: settled,
    onSuccess: () => {
      setOpen("");
      notify(t("integrations.removed"));
    },
  });
  const chosen = list.data?.find((one) => one.connector_id === open);
  if (list.error) return <ProblemNote error={list.error} retry={() => void list.refetch()} />;
  return (
    <>
      <Table
        label={t("integrations")}
        columns={columnsOf(place, setOpen)}
        rows={list.data ?? []}
        keyOf={(one) => one.connector_id}
        loading={list.isPending}
        empty={<EmptyState icon={<Plug aria-hidden />} title={t("integrations.none")}><p>{t("integrations.none.hint")}</p></EmptyState>}
      />
      {chosen && (
        <ConnectorSheet
          place={place}
          connector={chosen}
          onClose={() => setOpen("")}
          onRotate={() => (chosen.rotated_time ? setAsked({ what: "rotate", one: chosen }) : rotate.mutate(chosen))}
          onRemove={() => setAsked({ what: "remove", one: chosen })}
        />
      )}
      {asked && (
        <ConfirmDialog
          title={t(`integrations.${asked.what}.title`, { name: asked.one.name })}
          text={t(`integrations.${asked.what}.text`)}
          action={t(`integrations.${asked.what}`)}
          isOpen
          onClose={() => setAsked(undefined)}
          busy={rotate.isPending || remove.isPending}
          onConfirm={() => (asked.what === "rotate" ? rotate : remove).mutate(asked.one)}
        />
      )}
    </>
  );
}

function columnsOf(place: Place, open: (id: string) => void): Column<Connector>[] {
  const onAccounts = ({ account_ids = [] }: Connector) => {
    const names = place.me.accounts.filter((one) => account_ids.includes(one.account_id)).map((one) => one.name);
    return names.length === account_ids.length && names.length <= 2 ? names.join(", ") : t("integrations.accounts", { n: account_ids.length });
  };
  return [
    { id: "name", head: t("integrations.name"), isRowHeader: true, cell: (one) => <span data-text>{one.name}</span> },
    {
      id: "scopes", head: t("integrations.may"),
      cell: (one) => <span className="role-list">{one.scopes.map((scope) => <Badge key={scope}>{named("connector-scope", scope)}</Badge>)}</span>,
    },
    {
      id: "accounts", head: t("team.on-accounts"),
      cell: (one) => (one.account_ids?.length ? onAccounts(one) : <Badge tone="warn">{t("integrations.no-account")}</Badge>),
    },
    {
      id: "credential", head: t("integrations.credential"),
      cell: (one) => (one.rotated_time ? t("integrations.made", { date: date(one.rotated_time) }) : <Badge tone="warn">{t("integrations.no-credential")}</Badge>),
    },
    {
      id: "open", head: <span className="visually-hidden">{t("team.details")}</span>, stays: true,
      cell: (one) => <Button small onPress={() => open(one.connector_id)} aria-label={t("team.change-of", { name: one.name })}>{t("team.change")}</Button>,
    },
  ];
}
