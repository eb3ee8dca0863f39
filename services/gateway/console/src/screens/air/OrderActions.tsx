import More from "lucide-react/icons/ellipsis";
import { useState } from "react";
import { useMe } from "../../api/queries";
import type { Order, Session } from "../../api/types";
import { t } from "../../i18n";
import { amount } from "../../lib/format";
import { Button } from "../../ui/Button";
import { Menu, type MenuAction } from "../../ui/Menu";
import { over } from "../../ui/over";
import { leftOf } from "./leftOf";
import type { Deed, OrderDeedProps } from "./OrderDeed";

/** People of the shop may say that something was paid; whoever only hosts may not. */
const PAYERS = ["owner", "staff"];
const UNPAID = ["placed", "expired", "cancelled"];

const OrderDeed = over<OrderDeedProps>(() => import("./OrderDeed").then((file) => file.OrderDeed));

/** What can be done with an order: each is asked for, and done once. */
export function OrderActions({ order, session }: { order: Order; session: Session }) {
  const role = useMe().data?.shops.find((shop) => shop.shop_id === session.shop_id)?.role ?? "";
  const [deed, setDeed] = useState<Deed | null>(null);
  const pays = PAYERS.includes(role);
  const possible: Record<Deed, boolean> = {
    mark: pays && UNPAID.includes(order.state),
    refund: pays && ["paid", "refunded"].includes(order.state) && leftOf(order) > 0,
    cancel: order.state === "placed",
  };
  const actions: MenuAction[] = (Object.keys(possible) as Deed[])
    .filter((one) => possible[one])
    .map((one) => ({ id: one, text: t(`orders.${one}`), danger: one !== "mark", onAction: () => setDeed(one) }));
  if (actions.length === 0) return null;
  const what = t("orders.actions-of", { number: amount(order.total) });
  return (
    <>
      <Menu
        label={what}
        trigger={<Button kind="quiet" small className="icon-button" aria-label={what} icon={<More aria-hidden />} />}
        actions={actions}
      />
      {deed && <OrderDeed isOpen deed={deed} order={order} id={session.session_id} onClose={() => setDeed(null)} />}
    </>
  );
}
