import Plus from "lucide-react/icons/plus";
import Ticket from "lucide-react/icons/ticket-percent";
import { useState } from "react";
import { pictureOf, useCatalogue } from "../../../api/products";
import type { Product } from "../../../api/types";
import { t } from "../../../i18n";
import { amount, rate } from "../../../lib/format";
import { useWanted } from "../../../lib/later";
import { Button } from "../../../ui/Button";
import { Card } from "../../../ui/Card";
import { ConfirmDialog } from "../../../ui/ConfirmDialog";
import { EmptyState } from "../../../ui/EmptyState";
import { LoadMore } from "../../../ui/LoadMore";
import { ProblemNote } from "../../../ui/Notes";
import { notify, notifyProblem } from "../../../ui/notices";
import { over } from "../../../ui/over";
import { type Column, Table } from "../../../ui/Table";
import { Thumbnail } from "../../../ui/Thumbnail";
import { save } from "../saving";
import { useChanges } from "../useChanges";
import type { Shop } from "../useShop";
import { FULL } from "../values";
import type { InviteProps } from "./Invite";

const Invite = over<InviteProps>(() => import("./Invite").then((file) => file.Invite));

const share = (product: Product) => rate((product.commission_bps ?? 0) / FULL);

/** What a shop offers creators to sell, each with its invite and what they earn. */
export function Invited({ shop }: { shop: Shop }) {
  const [inviting, setInviting] = useState(false);
  const [leaving, setLeaving] = useState<Product | null>(null);
  const wanted = useWanted(inviting, Invite);
  const changes = useChanges(shop.id);
  const list = useCatalogue(shop.id, { invited_only: true });
  const rows = list.data?.pages.flatMap((page) => page.products) ?? [];
  const takeBack = async (product: Product) => {
    try {
      await save(product, { collab_invite: "" });
      notify(t("collabs.invite-gone", { title: product.title }));
    } catch (error) {
      notifyProblem(error);
    }
    setLeaving(null);
    await changes.refresh();
  };
  const offer = shop.runs && (
    <Button kind={rows.length === 0 ? "primary" : "secondary"} icon={<Plus size={16} aria-hidden />} onPress={() => setInviting(true)}>{t("collabs.invite")}</Button>
  );
  const columns: Column<Product>[] = [
    {
      id: "title", head: t("products.title"), isRowHeader: true,
      cell: (one) => (
        <span className="collab-product">
          <Thumbnail name={one.title} src={pictureOf(one)} />
          <span>
            <strong className="collab-name">{one.title}</strong>
            <span className="muted small">{amount(one.price)}</span>
            <span className="collab-narrow">
              <span className="small">{t("bag.commission", { share: share(one) })}</span>
              <Code product={one} />
            </span>
          </span>
        </span>
      ),
    },
    { id: "commission", head: t("products.commission"), number: true, wideOnly: true, cell: share },
    { id: "invite", head: t("collabs.code"), wideOnly: true, cell: (one) => <Code product={one} /> },
    {
      id: "act", head: "", name: t("collabs.act"), stays: true,
      cell: (one) => shop.runs && <Button small aria-label={t("collabs.take-back-of", { title: one.title })} onPress={() => setLeaving(one)}>{t("collabs.take-back")}</Button>,
    },
  ];
  return (
    <Card title={t("collabs.invited")} hint={rows.length > 0 ? t("collabs.invited-hint") : undefined} actions={rows.length > 0 && offer}>
      {list.error && <ProblemNote error={list.error} retry={() => void list.refetch()} />}
      {list.isSuccess && rows.length === 0 && (
        <EmptyState icon={<Ticket aria-hidden />} title={t("collabs.invited-none")}>
          <p>{t("collabs.invited-how")}</p>
          {offer}
        </EmptyState>
      )}
      {(list.isPending || rows.length > 0) && (
        <Table label={t("collabs.invited")} columns={columns} rows={rows} keyOf={(one) => one.product_id} loading={list.isPending} />
      )}
      {list.hasNextPage && <LoadMore isLoading={list.isFetchingNextPage} onMore={() => list.fetchNextPage()} />}
      <TakeBack product={leaving} onClose={() => setLeaving(null)} onConfirm={takeBack} />
      {wanted && inviting && <Invite shop={shop} isOpen onClose={() => setInviting(false)} onDone={changes.refresh} />}
    </Card>
  );
}

function Code({ product }: { product: Product }) {
  const code = product.collab_invite ?? "";
  const copy = async () => {
    await navigator.clipboard.writeText(code);
    notify(t("collabs.copied", { title: product.title }));
  };
  return (
    <span className="collab-code">
      <code>{code}</code>
      <Button small kind="quiet" aria-label={t("collabs.copy-of", { title: product.title })} onPress={copy}>{t("ui.copy-short")}</Button>
    </span>
  );
}

function TakeBack({ product, onClose, onConfirm }: { product: Product | null; onClose: () => void; onConfirm: (product: Product) => Promise<void> }) {
  const [busy, setBusy] = useState(false);
  const confirm = async () => {
    setBusy(true);
    await onConfirm(product!).finally(() => setBusy(false));
  };
  return (
    <ConfirmDialog
      title={t("collabs.take-back-title", { title: product?.title ?? "" })}
      text={t("collabs.take-back-text")}
      action={t("collabs.take-back")}
      isOpen={product !== null}
      busy={busy}
      onClose={onClose}
      onConfirm={() => void confirm()}
    />
  );
}
