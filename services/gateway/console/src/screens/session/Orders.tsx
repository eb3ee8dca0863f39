import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { keys, useOrders, useProductNames } from "../../api/queries";
import type { Session } from "../../api/types";
import { named, t } from "../../i18n";
import { amount, clock, count } from "../../lib/format";
import { useThrottled } from "../../lib/throttle";
import { Button } from "../../ui/Button";
import { EmptyNote, Loading, ProblemNote } from "../../ui/Notes";

export function Orders({ session, newest }: { session: Session; newest: number }) {
  const id = session.session_id;
  const list = useOrders(id);
  const names = useProductNames(id);
  const cache = useQueryClient();
  const settled = useThrottled(newest, 1000);
  useEffect(() => void cache.invalidateQueries({ queryKey: keys.orders(id) }), [cache, id, settled]);
  const orders = list.data?.pages.flatMap((page) => page.orders) ?? [];

  if (list.isPending) return <Loading />;
  if (list.error) return <ProblemNote error={list.error} />;
  if (orders.length === 0) return <EmptyNote title={t(session.state === "ended" ? "orders.none-ended" : "orders.none")} />;
  return (
    <>
      <ul className="orders">
        {orders.map((order) => (
          <li key={order.order_id} className="order">
            <div className="order-head">
              <strong className="tabular">{amount(order.total)}</strong>
              <span className={`badge badge-order-${order.state}`}>{named("order", order.state)}</span>
              {order.first_time_buyer && <span className="badge badge-label">{t("orders.first")}</span>}
              <time dateTime={order.place_time} className="muted small tabular order-time">
                {clock(order.place_time)}
              </time>
            </div>
            <p className="muted small">
              {order.items
                .map((item) =>
                  t("orders.item", { n: count(item.quantity), title: names.get(item.product_id) ?? t("orders.product") }),
                )
                .join(", ")}
              {order.refunded && order.refunded.minor > 0
                ? ` · ${t("orders.refunded", { amount: amount(order.refunded) })}`
                : ""}
            </p>
          </li>
        ))}
      </ul>
      {list.hasNextPage && (
        <Button className="load-more" isPending={list.isFetchingNextPage} onPress={() => void list.fetchNextPage()}>
          {t("action.more")}
        </Button>
      )}
    </>
  );
}
