import ArrowDown from "lucide-react/icons/arrow-down";
import ArrowUp from "lucide-react/icons/arrow-up";
import ToTop from "lucide-react/icons/arrow-up-to-line";
import Grip from "lucide-react/icons/grip-vertical";
import Pin from "lucide-react/icons/pin";
import Unpin from "lucide-react/icons/pin-off";
import Bin from "lucide-react/icons/trash-2";
import { type KeyboardEvent, useState } from "react";
import { Button as AriaButton, GridListItem, Input } from "react-aria-components";
import type { BagItem, Session } from "../../api/types";
import { named, t } from "../../i18n";
import { amount, count, rate } from "../../lib/format";
import { Badge } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { Thumbnail } from "../../ui/Thumbnail";
import { type Cue, pictureOf } from "./cues";
import { at, beside, type Place as Where } from "./useMove";
import { usePin } from "./usePin";

/** From here on a stock is worth a look. */
const FEW = 5;
const LAST_KEY = 9;

interface Props {
  id: string;
  cue: Cue;
  session: Session;
  size: number;
  onMove: (place: Where) => void;
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
        <Place title={product.title} number={item.number} most={Math.max(size, 1)} isDisabled={!editable} onMove={(number) => onMove(at(number))} />
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

interface PlaceProps {
  title: string;
  number: number;
  most: number;
  isDisabled: boolean;
  onMove: (number: number) => void;
}

/** The number of its place, to be written over. It counts with Enter or when the field is left; the arrows move it by one. */
function Place({ title, number, most, isDisabled, onMove }: PlaceProps) {
  const [text, setText] = useState<string | null>(null);
  const move = (wanted: number) => {
    setText(null);
    const next = Math.min(most, Math.max(1, wanted));
    if (Number.isInteger(next) && next !== number) onMove(next);
  };
  const leave = () => text !== null && move(text.trim() === "" ? number : Number(text));
  const keys: Record<string, () => unknown> = {
    Enter: leave,
    ArrowUp: () => move(Number(text ?? number) + 1),
    ArrowDown: () => move(Number(text ?? number) - 1),
    Escape: () => setText(null),
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const act = keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  };
  return (
    <Input
      className="input input-number cue-number"
      inputMode="numeric"
      autoComplete="off"
      aria-label={t("bag.number", { title })}
      disabled={isDisabled}
      value={text ?? String(number)}
      onChange={(event) => setText(event.target.value.replace(/\D/g, "").slice(0, 3))}
      onFocus={(event) => event.currentTarget.select()}
      onBlur={leave}
      onKeyDown={onKeyDown}
    />
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
