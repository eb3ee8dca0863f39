import Done from "lucide-react/icons/circle-check";
import Gone from "lucide-react/icons/clock";
import Back from "lucide-react/icons/undo-2";
import { useState } from "react";
import { Intention } from "../api/intention";
import type { Seller } from "../api/types";
import { watch } from "../api/watch";
import { t } from "../i18n";
import { amount, minute, money } from "../lib/format";
import { useNow } from "../lib/now";
import { orderNumber } from "../lib/orderNumber";
import { useAct } from "./act";
import { type Orders, type Reserved, type Standing, standing } from "./orders";
import { Pay, ShopLink } from "./Pay";
import { left } from "./Reservations";
import { Sheet } from "./Sheet";
import { told } from "./told";
import type { Joined } from "./useJoined";

interface Props {
  sessionId: string;
  order: Reserved;
  orders: Orders;
  joined: Joined;
  seller: Seller | undefined;
  /** Viewers may pretend to pay. */
  pretence: boolean;
  onClose: () => void;
}

const MARKS = { held: Done, paid: Done, pretended: Done, gone: Gone, cancelled: Back, refunded: Back } as const;

/** The end of an order: what is held, until when, and what happens next. Only the shop says that something was paid. */
export function Placed(props: Props) {
  const { order, onClose } = props;
  const now = useNow();
  const stands = standing(order, now);
  const holds = left(order.expires, now);
  const Mark = MARKS[stands];
  return (
    <Sheet title={t("watch.your-order")} onClose={onClose} foot={<Next {...props} stands={stands} />}>
      <div className={`placed placed-${stands}`} role="status">
        <Mark size={40} aria-hidden />
        <p className="placed-title">{t(`watch.title-${stands}`)}</p>
        <p className="placed-number">{t("watch.number", { number: orderNumber(order.reference) })}</p>
      </div>
      {stands === "held" && order.expires && (
        <p className="timer"><strong aria-hidden="true">{holds}</strong>{t("watch.placed", { time: minute(order.expires) })}</p>
      )}
      <dl className="receipt">
        <dt dir="auto">{t("watch.of", { n: order.quantity, title: order.title })}</dt>
        <dd>{money(order.total.minor, order.total.currency)}</dd>
        {stands === "refunded" && order.refunded && (
          <>
            <dt>{t("watch.paid-back")}</dt>
            <dd>{amount(order.refunded)}</dd>
          </>
        )}
      </dl>
    </Sheet>
  );
}

function Next({ sessionId, order, orders, joined, seller, pretence, stands, onClose }: Props & { stands: Standing }) {
  const [intentions] = useState(() => ({ pay: new Intention(), cancel: new Intention() }));
  // After the end nobody joins any more: the token of then still opens the viewer's own orders.
  const token = async () => orders.token || (await joined.ensure()).token;
  const pretend = useAct(async () => {
    const mine = await token();
    await intentions.pay.send(order.orderId, (key) => watch.pretend(sessionId, mine, order.orderId, key));
    orders.put({ ...order, state: "paid", pretended: true });
  });
  const cancel = useAct(async () => {
    const mine = await token();
    await intentions.cancel.send(order.orderId, (key) => watch.cancel(sessionId, mine, order.orderId, key));
    orders.put({ ...order, state: "cancelled" });
    onClose();
  });
  const wrong = pretend.error ?? cancel.error;
  if (stands !== "held")
    return (
      <>
        <p className="hint">{t(`watch.hint-${stands}`)}</p>
        <button type="button" className="cta cta-wide" onClick={onClose}>{t("watch.on")}</button>
      </>
    );
  const hint = pretence ? "watch.pretend-hint" : seller?.checkout || order.link ? "watch.pay-there" : "watch.pay-elsewhere";
  return (
    <>
      {wrong !== undefined && <p className="wrong" role="alert">{told(wrong)}</p>}
      <p className="hint">{t(hint)}</p>
      {seller?.checkout && <Pay ask={async () => watch.checkout(sessionId, await token(), order.orderId)} shop={seller.shop_name} />}
      {pretence && (
        <button type="button" className={seller?.checkout ? "plain" : "cta cta-wide"} aria-busy={pretend.pending} onClick={() => pretend.run()}>{t("watch.pretend")}</button>
      )}
      {!pretence && !seller?.checkout && order.link && <ShopLink href={order.link}>{t("watch.to-shop")}</ShopLink>}
      <span className="placed-foot">
        <button type="button" className="plain" aria-busy={cancel.pending} onClick={() => cancel.run()}>{t("watch.give-back")}</button>
        <button type="button" className="plain" onClick={onClose}>{t("watch.on")}</button>
      </span>
    </>
  );
}
