import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import Handshake from "lucide-react/icons/handshake";
import Plus from "lucide-react/icons/plus";
import { useState } from "react";
import { access, type Binding, collabs, type CollabSide } from "../../../api/settings";
import { named, t } from "../../../i18n";
import { date, DASH } from "../../../lib/format";
import { useWanted } from "../../../lib/later";
import { Badge } from "../../../ui/Badge";
import { Button } from "../../../ui/Button";
import { Card } from "../../../ui/Card";
import { ConfirmDialog } from "../../../ui/ConfirmDialog";
import { EmptyState } from "../../../ui/EmptyState";
import { ProblemNote } from "../../../ui/Notes";
import { notify } from "../../../ui/notices";
import { over } from "../../../ui/over";
import { type Column, Table } from "../../../ui/Table";
import type { OfferProps } from "./Offer";

const Offer = over<OfferProps>(() => import("./Offer").then((file) => file.Offer));
const TONES = { active: "good", offered: "info" } as const;
export const COLLABS = ["collabs"];

interface Props {
  side: CollabSide;
  id: string;
  isOwner: boolean;
}

/** Active ones and offers first, then what has ended. */
const rank = ({ status }: Binding) => ["offered", "active", "ended"].indexOf(status);

/** With whom a shop or a creator works, and what waits for an answer. */
export function Partners({ side, id, isOwner }: Props) {
  const cache = useQueryClient();
  const [offering, setOffering] = useState(false);
  const [ending, setEnding] = useState<Binding | null>(null);
  const wanted = useWanted(offering, Offer);
  const list = useQuery({ queryKey: COLLABS, queryFn: access.bindings });
  const rows = (list.data ?? []).filter((one) => one.shop_id && one.creator_id && one[`${side}_id`] === id).sort((one, other) => rank(one) - rank(other));
  const settled = () => cache.invalidateQueries({ queryKey: COLLABS });
  const accept = useMutation({ mutationFn: (one: Binding) => collabs.accept(one.binding_id), onSettled: settled, onSuccess: () => notify(t("collabs.accepted")) });
  const end = useMutation({
    mutationFn: (one: Binding) => collabs.end(one.binding_id), onSettled: settled,
    onSuccess: (_, one) => {
      setEnding(null);
      notify(t(one.status === "active" ? "collabs.ended" : one.offered_by === side ? "collabs.withdrawn" : "collabs.declined"));
    },
  });
  const offer = isOwner && (
    <Button kind={rows.length === 0 ? "primary" : "secondary"} icon={<Plus size={16} aria-hidden />} onPress={() => setOffering(true)}>
      {t(`collabs.offer-${side}`)}
    </Button>
  );
  const other = (one: Binding) => (side === "shop" ? one.creator_name : one.shop_name) || t(one.status === "ended" ? "collabs.unnamed" : `collabs.asked-${side}`);
  const columns: Column<Binding>[] = [
    { id: "name", head: t(`collabs.with-${side}`), isRowHeader: true, cell: (one) => <><strong className="collab-name">{other(one)}</strong><span className="collab-narrow"><State one={one} side={side} /></span></> },
    { id: "state", head: t("collabs.state"), wideOnly: true, cell: (one) => <State one={one} side={side} /> },
    { id: "since", head: t("collabs.since"), wideOnly: true, cell: (one) => (one.offered_time ? date(one.offered_time) : DASH) },
    {
      id: "act", head: "", name: t("collabs.act"), stays: true,
      cell: (one) => isOwner && one.status !== "ended" && (
        <span className="collab-acts">
          {one.status === "offered" && one.offered_by !== side && <Button small kind="primary" isPending={accept.isPending} onPress={() => accept.mutate(one)}>{t("collabs.accept")}</Button>}
          <Button small onPress={() => (one.status === "active" ? setEnding(one) : end.mutateAsync(one))}>
            {t(one.status === "active" ? "collabs.end" : one.offered_by === side ? "collabs.withdraw" : "collabs.decline")}
          </Button>
        </span>
      ),
    },
  ];
  return (
    <Card title={t(`collabs.partners-${side}`)} hint={rows.length > 0 ? t(`collabs.partners-hint-${side}`) : undefined} actions={rows.length > 0 && offer}>
      {list.error ? (
        <ProblemNote error={list.error} retry={() => void list.refetch()} />
      ) : list.data && rows.length === 0 ? (
        <EmptyState icon={<Handshake aria-hidden />} title={t("collabs.none")}>
          <p>{t(`collabs.none-${side}`)}</p>
          {offer || <p className="small">{t("collabs.owner-only")}</p>}
        </EmptyState>
      ) : (
        <Table label={t(`collabs.partners-${side}`)} columns={columns} rows={rows} keyOf={(one) => one.binding_id} loading={list.isPending} />
      )}
      <ConfirmDialog
        title={t("collabs.end-of", { name: ending ? other(ending) : "" })}
        text={t("collabs.end-text")}
        action={t("collabs.end")}
        isOpen={ending !== null}
        busy={end.isPending}
        onClose={() => setEnding(null)}
        onConfirm={() => ending && end.mutate(ending)}
      />
      {wanted && offering && <Offer side={side} id={id} isOpen onClose={() => setOffering(false)} />}
    </Card>
  );
}

function State({ one, side }: { one: Binding; side: CollabSide }) {
  if (one.status === "offered") return <Badge tone={one.offered_by === side ? "info" : "warn"}>{t(one.offered_by === side ? "collabs.waits-them" : "collabs.waits-you")}</Badge>;
  return <Badge tone={TONES[one.status as keyof typeof TONES]}>{named("collab-state", one.status)}</Badge>;
}
