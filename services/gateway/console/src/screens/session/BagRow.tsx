import { Button as AriaButton, GridListItem, Input, NumberField } from "react-aria-components";
import { bag } from "../../api/calls";
import type { BagItem, Session } from "../../api/types";
import { named, t } from "../../i18n";
import { amount, percent } from "../../lib/format";
import { Button } from "../../ui/Button";
import { useChange } from "./useChange";

interface Props {
  id: string;
  item: BagItem;
  session: Session;
  size: number;
  version: number | undefined;
  onMove: (number: number) => void;
}

export function BagRow({ id, item, session, size, version, onMove }: Props) {
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
        onChange={(number) => Number.isInteger(number) && number !== item.number && onMove(number)}
      >
        <Input className="input input-number" />
      </NumberField>
      <div className="bag-product">
        <span className="bag-title">{product.title}</span>
        <span className="muted small bag-facts">
          {amount(product.price)}
          {product.commission_bps ? <span>{t("bag.commission", { share: percent(product.commission_bps / 10_000) })}</span> : null}
          <span>{named("product-source", item.source)}</span>
          {product.category && <span>{product.category}</span>}
          {product.label && product.label !== "unspecified" && (
            <span className="badge badge-label">{named("label", product.label)}</span>
          )}
        </span>
      </div>
      {editable && <RowActions item={item} session={session} size={size} version={version} onMove={onMove} />}
    </GridListItem>
  );
}

function RowActions({ item, session, size, version, onMove }: Omit<Props, "id">) {
  const id = session.session_id;
  const { product_id: product, title } = item.product;
  const remove = useChange(id, () => bag.remove(id, product, version));
  const pin = useChange(id, () => (item.pinned ? bag.unpin(id, product) : bag.pin(id, product)));
  return (
    <div className="bag-actions">
      <Button kind="quiet" small isDisabled={item.number <= 1} aria-label={t("bag.top", { title })} onPress={() => onMove(1)}>
        <span aria-hidden="true">⤒</span>
      </Button>
      <Button
        kind="quiet"
        small
        isDisabled={item.number <= 1}
        aria-label={t("bag.up", { title })}
        onPress={() => onMove(item.number - 1)}
      >
        <span aria-hidden="true">↑</span>
      </Button>
      <Button
        kind="quiet"
        small
        isDisabled={item.number >= size}
        aria-label={t("bag.down", { title })}
        onPress={() => onMove(item.number + 1)}
      >
        <span aria-hidden="true">↓</span>
      </Button>
      <Button
        kind="quiet"
        small
        isPending={remove.isPending}
        aria-label={t("bag.remove", { title })}
        onPress={() => remove.mutate()}
      >
        <span aria-hidden="true">×</span>
      </Button>
      {session.state === "live" && (
        <Button
          small
          kind={item.pinned ? "primary" : "plain"}
          isPending={pin.isPending}
          aria-label={t(item.pinned ? "bag.unpin-of" : "bag.pin-of", { title })}
          onPress={() => pin.mutate()}
        >
          {item.pinned ? t("bag.unpin") : t("bag.pin")}
        </Button>
      )}
    </div>
  );
}
