import Minus from "lucide-react/icons/minus";
import Plus from "lucide-react/icons/plus";
import { lazy, Suspense, useState } from "react";
import { Intention } from "../api/intention";
import type { BagItem, ProductVariant } from "../api/types";
import { watch } from "../api/watch";
import { t } from "../i18n";
import { money } from "../lib/format";
import { useAct } from "./act";
import { comesInVariants, Price, soldOut } from "./Goods";
import { reservedOf, titled, type Reserved } from "./orders";
import { Picture } from "./Picture";
import { Sheet } from "./Sheet";
import { told } from "./told";
import type { Joined } from "./useJoined";
import { rememberedName } from "./viewerToken";

interface Props {
  sessionId: string;
  item: BagItem;
  joined: Joined;
  onPlaced: (order: Reserved) => void;
  onAsk: (productId: string) => void;
  onClose: () => void;
}

const MOST = 10; // of one product in one order
const Variants = lazy(() => import("./Variants"));

interface Chosen {
  variant?: ProductVariant | undefined;
  /** The option that is still to be chosen. */
  missing: string;
}

/** A product, close up, and how many of it one wants. An order is a reservation. */
export function Buy({ sessionId, item, joined, onPlaced, onAsk, onClose }: Props) {
  const { product } = item;
  const [wished, setQuantity] = useState(1);
  const [ordering] = useState(() => new Intention());
  const [{ variant, missing }, setChosen] = useState<Chosen>({ missing: "" });
  const varied = comesInVariants(product);
  const form = variant ? { ...product, ...variant, variant_count: 0 } : product; // what one buys: its price and stock count
  const most = Math.max(1, Math.min(MOST, form.stock ?? MOST));
  const quantity = Math.min(wished, most);
  const total = { minor: form.price.minor * quantity, currency: form.price.currency };
  const waits = varied && !variant;
  const name = joined.viewer?.name ?? rememberedName();
  const title = titled(product.title, variant?.values.join(" / "));
  const order = useAct(async () => {
    const { token } = await joined.ensure();
    const chosen = variant && { variant_reference: variant.reference };
    const wanted = { product_id: product.product_id, quantity, unit_price: form.price, ...chosen };
    const answer = await ordering.send(wanted, (key) => watch.order(sessionId, token, wanted, key));
    ordering.done();
    onPlaced(reservedOf(answer.order, title, product.link ?? "", quantity, total));
  });
  return (
    <Sheet
      title={product.title}
      onClose={onClose}
      foot={
        <>
          {order.error !== undefined && <p className="wrong" role="alert">{told(order.error)}</p>}
          <p className="total"><span>{t("watch.total")}</span><strong>{waits ? "–" : money(total.minor, total.currency)}</strong></p>
          <button type="button" className="cta cta-wide" aria-busy={order.pending} disabled={waits || soldOut(form)} onClick={() => order.run()}>
            {soldOut(form) ? t("watch.sold-out") : waits && missing ? t("watch.choose", { what: missing }) : t(order.pending ? "watch.placing" : "watch.place")}
          </button>
          <p className="hint">{t("watch.place-hint")}</p>
        </>
      }
    >
      <div className="close-up">
        <Picture product={product} width={480} />
        <div className="goods-words">
          <span className="goods-no">{t("watch.in-bag", { number: item.number })}</span>
          <Price product={form} />
          <button type="button" className="plain" onClick={() => onAsk(product.product_id)}>{t("watch.ask-this")}</button>
        </div>
      </div>
      {varied && (
        <Suspense fallback={<p className="hint" role="status">{t("watch.choices-come")}</p>}>
          <Variants sessionId={sessionId} product={product} onChoose={(next, lacks) => setChosen({ variant: next, missing: lacks })} />
        </Suspense>
      )}
      <div className="choose">
        <span id="quantity">{t("watch.quantity")}</span>
        <span className="stepper" role="group" aria-labelledby="quantity">
          <button type="button" className="round" aria-label={t("watch.fewer")} disabled={quantity <= 1} onClick={() => setQuantity(quantity - 1)}><Minus size={18} aria-hidden /></button>
          <output aria-live="polite">{quantity}</output>
          <button type="button" className="round" aria-label={t("watch.more")} disabled={quantity >= most} onClick={() => setQuantity(quantity + 1)}><Plus size={18} aria-hidden /></button>
        </span>
      </div>
      <p className="choose"><span>{t("watch.ordering-as")}</span><strong dir="auto">{name || t("activity.viewer")}</strong></p>
    </Sheet>
  );
}
