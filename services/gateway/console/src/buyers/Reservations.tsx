import { t } from "../i18n";
import { amount, money } from "../lib/format";
import { useNow } from "../lib/now";
import { orderNumber } from "../lib/orderNumber";
import { type Reserved, standing } from "./orders";

const SECOND_MS = 1000;
const two = (value: number) => String(value).padStart(2, "0");

/** How long a reservation still holds: "14:59"; "" once it has run out. */
export function left(expires: string, now: number): string {
  const seconds = Math.ceil((Date.parse(expires) - now) / SECOND_MS);
  return seconds > 0 ? `${Math.floor(seconds / 60)}:${two(seconds % 60)}` : "";
}

/** What the viewer has ordered here, and how it stands. */
export function Reservations({ orders, onOpen }: { orders: Reserved[]; onOpen: (order: Reserved) => void }) {
  const now = useNow(orders.length > 0);
  if (orders.length === 0) return null;
  return (
    <section className="reserved" aria-label={t("watch.orders")}>
      <h3>{t("watch.orders")}</h3>
      <ul>
        {orders.map((order) => {
          const stands = standing(order, now);
          return (
            <li key={order.orderId}>
              <button type="button" className="reserved-order" onClick={() => onOpen(order)}>
                <span className="reserved-words">
                  <strong>{t("watch.of", { n: order.quantity, title: order.title })}</strong>
                  <span>{t("watch.number", { number: orderNumber(order.reference) })} · {money(order.total.minor, order.total.currency)}</span>
                </span>
                <span className={`reserved-left reserved-${stands}`}>{stands === "held" ? left(order.expires, now) || t("watch.stands-held") : t(`watch.stands-${stands}`, { amount: order.refunded ? amount(order.refunded) : "" })}</span>
              </button>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
