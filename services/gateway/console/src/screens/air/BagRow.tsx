import { Button as AriaButton, GridListItem, Input, NumberField } from "react-aria-components";
import { bag } from "../../api/calls";
import type { BagItem, Session } from "../../api/types";
import { named, t } from "../../i18n";
import { amount, rate } from "../../lib/format";
import { Button } from "../../ui/Button";
import { useChange } from "./useChange";
import { at, beside, type Place } from "./useMove";
import { Badge } from "../../ui/Badge";

interface Props {
  id: string;
  item: BagItem;
  session: Session;
  size: number;
  onMove: (place: Place) => void;
  onRemove: () => void;
  isLeaving: boolean;
}

export function BagRow({ id, ...rest }: Props) {
  const { item, session, size, onMove } = rest;
  const { product } = item;
  const editable = session.state !== "ended";
  return (
    <GridListItem id={id} textValue={product.title} className={item.pinned ? "bag-row bag-row-pinned" : "bag-row"}>
      {editable && (
        <AriaButton slot="drag" className="grip" aria-label={t("bag.drag", { title: product.title })}>
          <span aria-hidden="true" className="icon icon-grip" />
        </AriaButton>
      )}
      <NumberField
        className="bag-number"
        aria-label={t("bag.number", { title: product.title })}
        value={item.number}
        minValue={1}
        maxValue={Math.max(size, 1)}
        isDisabled={!editable}
        onChange={(number) => Number.isInteger(number) && number !== item.number && onMove(at(number))}
      >
        <Input className="input input-number" />
      </NumberField>
      <div className="bag-product">
        <p className="bag-head">
          <span className="bag-title" title={product.title}>{product.title}</span>
          {product.label && product.label !== "unspecified" && (
            <Badge tone="info">{named("label", product.label)}</Badge>
          )}
        </p>
        <div className="bag-foot">
          <p className="muted small bag-facts">
            <strong className="tabular">{amount(product.price)}</strong>
            {product.commission_bps ? <span>{t("bag.commission", { share: rate(product.commission_bps / 10_000) })}</span> : null}
            <span className="bag-source">{named("product-source", item.source)}</span>
          </p>
          {editable && <RowActions {...rest} />}
        </div>
      </div>
    </GridListItem>
  );
}

/** Only on air: what is pinned is what viewers are shown. */
function PinButton({ item, session }: Pick<Props, "item" | "session">) {
  const id = session.session_id;
  const { product_id: product, title } = item.product;
  const pin = useChange(id, () => (item.pinned ? bag.unpin(id, product) : bag.pin(id, product)));
  return (
    <Button
      small
      kind={item.pinned ? "primary" : "secondary"}
      className="bag-pin"
      isPending={pin.isPending}
      aria-label={t(item.pinned ? "bag.unpin-of" : "bag.pin-of", { title })}
      onPress={() => pin.mutate()}
    >
      {t(item.pinned ? "bag.unpin" : "bag.pin")}
    </Button>
  );
}

function RowActions({ item, session, size, onMove, onRemove, isLeaving }: Omit<Props, "id">) {
  const { product_id: product, title } = item.product;
  const first = item.number <= 1;
  return (
    <div className="bag-actions">
      <Button kind="quiet" small isDisabled={first} aria-label={t("bag.top", { title })} onPress={() => onMove(at(1))}>
        <span aria-hidden="true" className="icon icon-top" />
      </Button>
      <Button kind="quiet" small repeats isDisabled={first} aria-label={t("bag.up", { title })} onPress={() => onMove(beside(product, -1))}>
        <span aria-hidden="true" className="icon icon-up" />
      </Button>
      <Button
        kind="quiet"
        small
        isDisabled={item.number >= size}
        repeats
        aria-label={t("bag.down", { title })}
        onPress={() => onMove(beside(product, 1))}
      >
        <span aria-hidden="true" className="icon icon-down" />
      </Button>
      <Button kind="quiet" small isPending={isLeaving} aria-label={t("bag.remove", { title })} onPress={onRemove}>
        <span aria-hidden="true" className="icon icon-bin" />
      </Button>
      {session.state === "live" && <PinButton item={item} session={session} />}
    </div>
  );
}
