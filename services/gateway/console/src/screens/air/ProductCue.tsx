import ArrowDown from "lucide-react/icons/arrow-down";
import ArrowUp from "lucide-react/icons/arrow-up";
import ToTop from "lucide-react/icons/arrow-up-to-line";
import Grip from "lucide-react/icons/grip-vertical";
import Pin from "lucide-react/icons/pin";
import Unpin from "lucide-react/icons/pin-off";
import Bin from "lucide-react/icons/trash-2";
import { Button as AriaButton, GridListItem, Input, NumberField } from "react-aria-components";
import type { BagItem, Session } from "../../api/types";
import { named, t } from "../../i18n";
import { amount, count, rate } from "../../lib/format";
import { Badge } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { Thumbnail } from "../../ui/Thumbnail";
import { type Cue, pictureOf } from "./cues";
import { at, beside, type Place } from "./useMove";
import { usePin } from "./usePin";

/** From here on a stock is worth a look. */
const FEW = 5;
const LAST_KEY = 9;

interface Props {
  id: string;
  cue: Cue;
  session: Session;
  size: number;
  onMove: (place: Place) => void;
  onRemove: () => void;
  isLeaving: boolean;
}

export function ProductCard({ id, ...rest }: Props) {
  const { cue: { item, sold }, session, size, onMove } = rest;
  const { product } = item;
  const editable = session.state !== "ended";
  const onAir = session.state === "live";
  return (
    <GridListItem id={id} textValue={product.title} className={item.pinned ? "cue cue-pinned" : "cue"}>
      <div className="cue-place">
        <NumberField
          className="cue-number"
          aria-label={t("bag.number", { title: product.title })}
          value={item.number}
          minValue={1}
          maxValue={Math.max(size, 1)}
          isDisabled={!editable}
          onChange={(number) => Number.isInteger(number) && number !== item.number && onMove(at(number))}
        >
          <Input className="input input-number" />
        </NumberField>
        {editable && (
          <AriaButton slot="drag" className="grip" aria-label={t("bag.drag", { title: product.title })}>
            <Grip size={14} aria-hidden />
          </AriaButton>
        )}
      </div>
      <Thumbnail name={product.title} src={pictureOf(product)} size="large" />
      <div className="cue-product">
        <p className="cue-head">
          <span className="bag-title" title={product.title}>{product.title}</span>
          {product.label && product.label !== "unspecified" && <Badge tone="info">{named("label", product.label)}</Badge>}
        </p>
        <p className="cue-facts">
          <strong>{amount(product.price)}</strong>
          {product.commission_bps ? <span>{t("bag.commission", { share: rate(product.commission_bps / 10_000) })}</span> : null}
          <Stock stock={product.stock} />
          {sold !== null && <span className="cue-sold" title={t("bag.sold-hint")}>{t("bag.sold", { n: sold })}</span>}
          <span className="bag-source">{named("product-source", item.source)}</span>
        </p>
        {editable && (
          <div className="cue-foot">
            <Actions {...rest} />
            {onAir && <PinButton item={item} session={session} />}
          </div>
        )}
      </div>
    </GridListItem>
  );
}

function Stock({ stock }: { stock: number | null | undefined }) {
  if (stock === undefined || stock === null) return null;
  if (stock === 0) return <span className="cue-out">{t("bag.sold-out")}</span>;
  return <span className={stock <= FEW ? "cue-few" : undefined}>{t("bag.stock", { n: count(stock) })}</span>;
}

/** Only on air: what is pinned is what viewers are shown. */
function PinButton({ item, session }: { item: BagItem; session: Session }) {
  const { title } = item.product;
  const pin = usePin(session.session_id);
  const Mark = item.pinned ? Unpin : Pin;
  return (
    <Button
      small
      kind={item.pinned ? "primary" : "secondary"}
      className="cue-pin"
      icon={<Mark aria-hidden />}
      isPending={pin.isPending}
      aria-label={t(item.pinned ? "bag.unpin-of" : "bag.pin-of", { title })}
      aria-keyshortcuts={item.number <= LAST_KEY ? String(item.number) : undefined}
      onPress={() => pin.mutate(item)}
    >
      {t(item.pinned ? "bag.unpin" : "bag.pin")}
    </Button>
  );
}

function Actions({ cue: { item }, size, onMove, onRemove, isLeaving }: Omit<Props, "id">) {
  const { product_id: product, title } = item.product;
  const first = item.number <= 1;
  return (
    <div className="cue-actions">
      <Button kind="quiet" small isDisabled={first} aria-label={t("bag.top", { title })} icon={<ToTop aria-hidden />} onPress={() => onMove(at(1))} />
      <Button kind="quiet" small repeats isDisabled={first} aria-label={t("bag.up", { title })} icon={<ArrowUp aria-hidden />} onPress={() => onMove(beside(product, -1))} />
      <Button kind="quiet" small repeats isDisabled={item.number >= size} aria-label={t("bag.down", { title })} icon={<ArrowDown aria-hidden />} onPress={() => onMove(beside(product, 1))} />
      <Button kind="quiet" small isPending={isLeaving} aria-label={t("bag.remove", { title })} icon={<Bin aria-hidden />} onPress={onRemove} />
    </div>
  );
}
