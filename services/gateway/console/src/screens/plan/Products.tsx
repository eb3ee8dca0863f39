import Down from "lucide-react/icons/arrow-down";
import Up from "lucide-react/icons/arrow-up";
import Package from "lucide-react/icons/package";
import Plus from "lucide-react/icons/plus";
import Trash from "lucide-react/icons/trash-2";
import { useState } from "react";
import { bag } from "../../api/calls";
import { pictureOf } from "../../api/products";
import { useBag } from "../../api/queries";
import type { BagItem, Session } from "../../api/types";
import { named, t } from "../../i18n";
import { useWanted } from "../../lib/later";
import { amount, rate } from "../../lib/format";
import { Badge } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { Card } from "../../ui/Card";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import { EmptyState } from "../../ui/EmptyState";
import { IconButton } from "../../ui/IconButton";
import { over } from "../../ui/over";
import { ProblemNote } from "../../ui/Notes";
import { NumberField } from "../../ui/NumberField";
import { Skeleton } from "../../ui/Skeleton";
import { Thumbnail } from "../../ui/Thumbnail";
import { useChange } from "../air/useChange";
import { at, beside, type Place, useMove } from "../air/useMove";
import type { PickerProps } from "../products/Picker";
import { BAG_MOST } from "../products/rules";

const Picker = over<PickerProps>(() => import("../products/Picker").then((file) => file.Picker));

/** The products of a LIVE in the order in which they will be shown. */
export function Products({ session }: { session: Session }) {
  const id = session.session_id;
  const list = useBag(id, "");
  const [adding, setAdding] = useState(false);
  const wanted = useWanted(adding, Picker);
  const [leaving, setLeaving] = useState<BagItem | null>(null);
  const move = useMove(id);
  const remove = useChange(id, (product: string) => bag.remove(id, product), () => setLeaving(null));
  const editable = session.state !== "ended";
  const items = list.data?.items ?? [];
  const put = ({ product }: BagItem, place: Place) => {
    const wanted = { product: product.product_id, title: product.title, place, seen: list.data ?? null };
    move.mutate(wanted);
  };
  const add = (kind: "primary" | "secondary") => (
    <Button kind={kind} icon={<Plus aria-hidden />} isDisabled={items.length >= BAG_MOST} onPress={() => setAdding(true)}>{t("bag.add")}</Button>
  );
  return (
    <Card
      title={t("bag.tab")}
      hint={items.length > 0 ? t("plan.products-hint", { n: items.length, most: BAG_MOST }) : undefined}
      actions={editable && items.length > 0 && add("secondary")}
    >
      {list.isPending && <Skeleton />}
      {list.error && <ProblemNote error={list.error} retry={() => void list.refetch()} />}
      {list.data && items.length === 0 && (
        <EmptyState icon={<Package aria-hidden />} title={t(editable ? "plan.products-none" : "bag.none-ended")}>
          {editable && add("primary")}
        </EmptyState>
      )}
      <ol className="plan-products" aria-label={t("bag.tab")}>
        {items.map((item) => (
          <li key={item.product.product_id}>
            <Row item={item} size={items.length} editable={editable} onMove={(place) => put(item, place)} onRemove={() => (session.state === "live" ? setLeaving(item) : remove.mutate(item.product.product_id))} />
          </li>
        ))}
      </ol>
      <ConfirmDialog
        title={t("bag.remove", { title: leaving?.product.title ?? "" })}
        text={t("bag.remove-confirm")}
        action={t("action.remove")}
        isOpen={leaving !== null}
        busy={remove.isPending}
        onClose={() => setLeaving(null)}
        onConfirm={() => leaving && remove.mutate(leaving.product.product_id)}
      />
      {editable && wanted && adding && <Picker session={session} isOpen onClose={() => setAdding(false)} />}
    </Card>
  );
}

interface RowProps {
  item: BagItem;
  size: number;
  editable: boolean;
  onMove: (place: Place) => void;
  onRemove: () => void;
}

function Row({ item, size, editable, onMove, onRemove }: RowProps) {
  const { product, number } = item;
  const { product_id: id, title } = product;
  return (
    <div className="plan-product">
      {editable ? (
        <NumberField
          plain hideLabel
          label={t("bag.number", { title })}
          value={number} minValue={1} maxValue={size}
          onChange={(next) => next !== null && next !== number && onMove(at(next))}
        />
      ) : (
        <span className="plan-number tabular">{number}</span>
      )}
      <Thumbnail name={title} src={pictureOf(product)} />
      <span className="plan-words">
        <span className="plan-title" title={title}>{title}</span>
        <span className="muted small row">
          <span className="tabular">{amount(product.price)}</span>
          {product.commission_bps ? <span>{t("bag.commission", { share: rate(product.commission_bps / 10_000) })}</span> : null}
          {product.label && product.label !== "unspecified" && <Badge tone="info">{named("label", product.label)}</Badge>}
        </span>
      </span>
      {editable && (
        <span className="plan-moves">
          <IconButton small repeats label={t("bag.up", { title })} icon={<Up aria-hidden />} isDisabled={number <= 1} onPress={() => onMove(beside(id, -1))} />
          <IconButton small repeats label={t("bag.down", { title })} icon={<Down aria-hidden />} isDisabled={number >= size} onPress={() => onMove(beside(id, 1))} />
          <IconButton small label={t("bag.remove", { title })} icon={<Trash aria-hidden />} onPress={onRemove} />
        </span>
      )}
    </div>
  );
}
