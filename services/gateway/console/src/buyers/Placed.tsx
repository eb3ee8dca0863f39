import Done from "lucide-react/icons/circle-check";
import Gone from "lucide-react/icons/clock";
import Out from "lucide-react/icons/external-link";
import { useState } from "react";
import { Intention } from "../api/intention";
import { watch } from "../api/watch";
import { t } from "../i18n";
import { minute, money } from "../lib/format";
import { useNow } from "../lib/now";
import { orderNumber } from "../lib/orderNumber";
import { useAct } from "./act";
import type { Orders, Reserved } from "./orders";
import { left } from "./Reservations";
import { Sheet } from "./Sheet";
import { told } from "./told";
import type { Joined } from "./useJoined";

interface Props {
  sessionId: string;
  order: Reserved;
  orders: Orders;
  joined: Joined;
  /** Viewers may pretend to pay. */
  pretence: boolean;
  onClose: () => void;
}

/** The end of an order: what is held, until when, and what happens next. Only the shop says that something was paid. */
export function Placed(props: Props) {
  const { order, onClose } = props;
  const now = useNow();
  const holds = left(order.expires, now);
  const gone = !order.pretended && order.expires !== "" && !holds;
  return (
    <Sheet title={t("watch.your-order")} onClose={onClose} foot={<Next {...props} gone={gone} />}>
      <div className={gone ? "placed placed-gone" : "placed"} role="status">
        {gone ? <Gone size={40} aria-hidden /> : <Done size={40} aria-hidden />}
        <p className="placed-title">{t(gone ? "watch.run-out" : order.pretended ? "watch.pretended" : "watch.is-reserved")}</p>
        <p className="placed-number">{t("watch.number", { number: orderNumber(order.reference) })}</p>
      </div>
      {!gone && !order.pretended && order.expires && (
        <p className="timer"><strong aria-hidden="true">{holds}</strong>{t("watch.placed", { time: minute(order.expires) })}</p>
      )}
      <dl className="receipt">
        <dt dir="auto">{t("watch.of", { n: order.quantity, title: order.title })}</dt>
        <dd>{money(order.total.minor, order.total.currency)}</dd>
      </dl>
    </Sheet>
  );
}

function Next({ sessionId, order, orders, joined, pretence, gone, onClose }: Props & { gone: boolean }) {
  const [intentions] = useState(() => ({ pay: new Intention(), cancel: new Intention() }));
  const pretend = useAct(async () => {
    const { token } = await joined.ensure();
    await intentions.pay.send(order.orderId, (key) => watch.pretend(sessionId, token, order.orderId, key));
    orders.put({ ...order, pretended: true });
  });
  const cancel = useAct(async () => {
    const { token } = await joined.ensure();
    await intentions.cancel.send(order.orderId, (key) => watch.cancel(sessionId, token, order.orderId, key));
    orders.drop(order.orderId);
    onClose();
  });
  const wrong = pretend.error ?? cancel.error;
  if (gone || order.pretended)
    return (
      <>
        <p className="hint">{t(gone ? "watch.run-out-hint" : "watch.pretended-hint")}</p>
        <button type="button" className="cta cta-wide" onClick={onClose}>{t("watch.on")}</button>
      </>
    );
  return (
    <>
      {wrong !== undefined && <p className="wrong" role="alert">{told(wrong)}</p>}
      <p className="hint">{t(pretence ? "watch.pretend-hint" : order.link ? "watch.pay-there" : "watch.pay-elsewhere")}</p>
      {pretence && (
        <button type="button" className="cta cta-wide" aria-busy={pretend.pending} onClick={() => pretend.run()}>{t("watch.pretend")}</button>
      )}
      {!pretence && order.link && (
        <a className="cta cta-wide" href={order.link} target="_blank" rel="noopener noreferrer">
          {t("watch.to-shop")}
          <Out size={18} aria-hidden />
        </a>
      )}
      <span className="placed-foot">
        <button type="button" className="plain" aria-busy={cancel.pending} onClick={() => cancel.run()}>{t("watch.give-back")}</button>
        <button type="button" className="plain" onClick={onClose}>{t("watch.on")}</button>
      </span>
    </>
  );
}
