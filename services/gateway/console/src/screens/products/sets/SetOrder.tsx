import ArrowDown from "lucide-react/icons/arrow-down";
import ArrowUp from "lucide-react/icons/arrow-up";
import Grip from "lucide-react/icons/grip-vertical";
import Trash from "lucide-react/icons/trash-2";
import { Button as AriaButton, GridList, GridListItem, useDragAndDrop } from "react-aria-components";
import { pictureOf } from "../../../api/products";
import type { Product, ProductSet } from "../../../api/types";
import { t } from "../../../i18n";
import { amount, DASH } from "../../../lib/format";
import { Badge } from "../../../ui/Badge";
import { IconButton } from "../../../ui/IconButton";
import { notify } from "../../../ui/notices";
import { Thumbnail } from "../../../ui/Thumbnail";
import { placed, shifted } from "./order";

export interface SetOrderProps {
  set: ProductSet;
  known: ReadonlyMap<string, Product>;
  mayEdit: boolean;
  onOrder: (order: (ids: readonly string[]) => string[]) => void;
  /** The last product was to go, and a set is never empty. */
  onLast: () => void;
}

/** A set's products in their order: dragged by pointer and by keyboard, or moved by one place. */
export function SetOrder({ set, known, mayEdit, onOrder, onLast }: SetOrderProps) {
  const ids = set.product_ids;
  const rows = ids.map((id, at) => ({ id, number: at + 1, product: known.get(id) }));
  const { dragAndDropHooks } = useDragAndDrop({
    getItems: (dragged) => [...dragged].map((key) => ({ "text/plain": known.get(String(key))?.title ?? String(key) })),
    isDisabled: !mayEdit,
    onReorder: ({ keys, target }) => onOrder((now) => placed(now, String([...keys][0]), String(target.key), target.dropPosition === "after")),
  });
  const remove = (id: string, title: string) => {
    if (ids.length === 1) return onLast();
    const place = ids.indexOf(id);
    onOrder((now) => now.filter((one) => one !== id));
    notify(t("sets.removed", { title }), false, () => onOrder((now) => (now.includes(id) ? [...now] : now.toSpliced(place, 0, id))));
  };
  return (
    <GridList
      aria-label={t("sets.order", { name: set.name })}
      className="set-order"
      items={rows}
      dependencies={[rows, mayEdit]}
      dragAndDropHooks={dragAndDropHooks}
      keyboardNavigationBehavior="tab"
    >
      {({ id, number, product }) => {
        const title = product?.title ?? t("sets.unknown");
        return (
          <GridListItem id={id} textValue={title} className="set-row">
            {mayEdit && (
              <AriaButton slot="drag" className="grip" aria-label={t("bag.drag", { title })}><Grip size={14} aria-hidden /></AriaButton>
            )}
            <span className="set-number tabular">{number}</span>
            <Thumbnail name={title} src={product && pictureOf(product)} />
            <span className="pick-words">
              <span className="pick-title" title={title}>{title}</span>
              <span className="pick-facts">
                <span>{product?.reference}</span>
                {product?.archived && <Badge tone="warn">{t("sets.archived")}</Badge>}
              </span>
            </span>
            <span className="set-price tabular">{product ? amount(product.price) : DASH}</span>
            {mayEdit && (
              <span className="set-moves">
                <IconButton small repeats label={t("bag.up", { title })} icon={<ArrowUp aria-hidden />} isDisabled={number === 1} onPress={() => onOrder((now) => shifted(now, id, -1))} />
                <IconButton small repeats label={t("bag.down", { title })} icon={<ArrowDown aria-hidden />} isDisabled={number === ids.length} onPress={() => onOrder((now) => shifted(now, id, 1))} />
                <IconButton small label={t("bag.remove", { title })} icon={<Trash aria-hidden />} onPress={() => remove(id, title)} />
              </span>
            )}
          </GridListItem>
        );
      }}
    </GridList>
  );
}
