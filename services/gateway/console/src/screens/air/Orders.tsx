import { useMemo } from "react";
import { useOrders, useProductNames } from "../../api/queries";
import type { Session } from "../../api/types";
import { named, t } from "../../i18n";
import { amount, clock, list as listed } from "../../lib/format";
import { itemName } from "../../lib/itemName";
import type { Live } from "../../live/useLive";
import { Badge } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { ProblemNote } from "../../ui/Notes";
import { EmptyState } from "../../ui/EmptyState";
import { Skeleton } from "../../ui/Skeleton";
import { orderTone } from "../../ui/orderTone";
import { OrderActions } from "./OrderActions";
import { orderNumber } from "../../lib/orderNumber";

export interface OrdersProps {
  session: Session;
  live: Live;
}

/** The orders of a LIVE: who, what, how much, how it stands, and what can be done about it. */
export function Orders({ session, live }: OrdersProps) {
  const id = session.session_id;
  const list = useOrders(id);
  const names = useProductNames(id);
  const buyers = useMemo(
    () => new Map(live.feed.items.filter((line) => line.kind === "order").map((line) => [line.subject_id, line.viewer_name])),
    [live.feed.items],
  );
  const orders = list.data?.pages.flatMap((page) => page.orders) ?? [];

  if (list.isPending) return <Skeleton lines={6} />;
  if (list.error) return <ProblemNote error={list.error} retry={() => void list.refetch()} />;
  if (orders.length === 0) return <EmptyState title={t(session.state === "ended" ? "orders.none-ended" : "orders.none")} />;
  return (
    <div className="orders" tabIndex={0} role="region" aria-label={t("orders")}>
      <ul>
        {orders.map((order) => (
          <li key={order.order_id} className="order">
            <div className="order-words">
              <p className="order-head">
                <strong>{buyers.get(order.order_id) || t("activity.viewer")}</strong>
                <span className="muted small tabular">{t("orders.number", { number: orderNumber(order.reference) })}</span>
                <time dateTime={order.place_time} className="muted small tabular order-time">{clock(order.place_time)}</time>
              </p>
              <p className="order-items">
                <span>
                  {listed(order.items.map((item) => itemName(item, names)))}
                </span>
                <strong className="tabular">{amount(order.total)}</strong>
              </p>
              <p className="cell-badges">
                <Badge tone={orderTone(order.state)}>{named("order", order.state)}</Badge>
                {order.payment_source && order.payment_source !== "unspecified" && (
                  <Badge tone={order.payment_source === "simulated" ? "warn" : "neutral"}>{named("payment", order.payment_source)}</Badge>
                )}
                {order.revived && <Badge tone="warn" title={t("orders.revived.hint")}>{t("orders.revived")}</Badge>}
                {order.first_time_buyer && <Badge tone="info">{t("orders.first")}</Badge>}
                {order.refunded && order.refunded.minor > 0 ? <span className="muted small">{t("orders.refunded", { amount: amount(order.refunded) })}</span> : null}
              </p>
            </div>
            <OrderActions order={order} session={session} />
          </li>
        ))}
      </ul>
      {list.hasNextPage && (
        <Button className="load-more" isPending={list.isFetchingNextPage} onPress={() => void list.fetchNextPage()}>
          {t("action.more")}
        </Button>
      )}
    </div>
  );
}
