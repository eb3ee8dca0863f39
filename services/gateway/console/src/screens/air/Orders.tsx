import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { activity } from "../../api/calls";
import { Intention } from "../../api/intention";
import { keys, useMe, useOrders, useProductNames } from "../../api/queries";
import type { Order, Session } from "../../api/types";
import { named, t } from "../../i18n";
import { amount, clock, list as listed } from "../../lib/format";
import { useThrottled } from "../../lib/throttle";
import { Button } from "../../ui/Button";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import { EmptyState } from "../../ui/EmptyState";
import { ProblemNote } from "../../ui/Notes";
import { Skeleton } from "../../ui/Skeleton";
import { useChange } from "./useChange";
import { Badge } from "../../ui/Badge";
import { orderTone } from "../../ui/orderTone";
import { LoadMore } from "../../ui/LoadMore";

/** People of the shop may say that something was paid; whoever only hosts may not. */
const PAYERS = ["owner", "staff"];
const UNPAID = ["placed", "expired", "cancelled"];

export function Orders({ session, newest }: { session: Session; newest: number }) {
  const id = session.session_id;
  const list = useOrders(id);
  const names = useProductNames(id);
  const cache = useQueryClient();
  const settled = useThrottled(newest, 1000);
  useEffect(() => void cache.invalidateQueries({ queryKey: keys.orders(id) }), [cache, id, settled]);
  const role = useMe().data?.shops.find((shop) => shop.shop_id === session.shop_id)?.role ?? "";
  const [marking, setMarking] = useState<Order | null>(null);
  const orders = list.data?.pages.flatMap((page) => page.orders) ?? [];

  if (list.isPending) return <Skeleton />;
  if (list.error) return <ProblemNote error={list.error} />;
  if (orders.length === 0) return <EmptyState title={t(session.state === "ended" ? "orders.none-ended" : "orders.none")} />;
  return (
    <>
      <ul className="orders">
        {orders.map((order) => (
          <li key={order.order_id} className="order">
            <div className="order-head">
              <strong className="tabular">{amount(order.total)}</strong>
              <Badge tone={orderTone(order.state)}>{named("order", order.state)}</Badge>
              {order.payment_source && order.payment_source !== "unspecified" && (
                <Badge tone={order.payment_source === "simulated" ? "warn" : "neutral"}>{named("payment", order.payment_source)}</Badge>
              )}
              {order.revived && (
                <Badge tone="warn" title={t("orders.revived.hint")}>{t("orders.revived")}</Badge>
              )}
              {order.first_time_buyer && <Badge tone="info">{t("orders.first")}</Badge>}
              <time dateTime={order.place_time} className="muted small tabular order-time">
                {clock(order.place_time)}
              </time>
            </div>
            <p className="muted small">
              {listed(
                order.items.map((item) =>
                  t("orders.item", { n: item.quantity, title: names.get(item.product_id) ?? t("orders.product") }),
                ),
              )}
              {order.refunded && order.refunded.minor > 0
                ? ` · ${t("orders.refunded", { amount: amount(order.refunded) })}`
                : ""}
            </p>
            {PAYERS.includes(role) && UNPAID.includes(order.state) && (
              <Button small kind="quiet" aria-label={t("orders.mark-of", { amount: amount(order.total) })} onPress={() => setMarking(order)}>
                {t("orders.mark")}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {marking && <MarkPaid id={id} order={marking} onClose={() => setMarking(null)} />}
      {list.hasNextPage && (
        <LoadMore isLoading={list.isFetchingNextPage} onMore={() => void list.fetchNextPage()} />
      )}
    </>
  );
}

function MarkPaid({ id, order, onClose }: { id: string; order: Order; onClose: () => void }) {
  const [marking] = useState(() => new Intention());
  const pay = useChange(id, () => marking.send(order.order_id, (key) => activity.markPaid(id, order.order_id, key)), onClose);
  return (
    <ConfirmDialog
      title={t("orders.mark")}
      text={t("orders.mark-confirm")}
      action={t("orders.mark")}
      busy={pay.isPending}
      isOpen
      onClose={onClose}
      onConfirm={() => pay.mutate()}
    />
  );
}
