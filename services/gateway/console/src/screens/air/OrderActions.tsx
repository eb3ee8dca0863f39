import More from "lucide-react/icons/ellipsis";
import { useState } from "react";
import { activity } from "../../api/calls";
import { Intention } from "../../api/intention";
import { useMe } from "../../api/queries";
import type { Order, Session } from "../../api/types";
import { t } from "../../i18n";
import { amount, money } from "../../lib/format";
import { Button } from "../../ui/Button";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import { Menu, type MenuAction } from "../../ui/Menu";
import { MoneyField } from "../../ui/MoneyField";
import { useCommand } from "./useCommand";

/** People of the shop may say that something was paid; whoever only hosts may not. */
const PAYERS = ["owner", "staff"];
const UNPAID = ["placed", "expired", "cancelled"];

type Deed = "mark" | "cancel" | "refund";

const leftOf = (order: Order) => order.total.minor - (order.refunded?.minor ?? 0);

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
      {deed && <Confirm deed={deed} order={order} id={session.session_id} onClose={() => setDeed(null)} />}
    </>
  );
}

function Confirm({ deed, order, id, onClose }: { deed: Deed; order: Order; id: string; onClose: () => void }) {
  const [wanted] = useState(() => new Intention());
  const [back, setBack] = useState<number | null>(leftOf(order));
  const { currency } = order.total;
  const command = useCommand(id, {
    what: () => t(`command.${deed}`, { amount: amount(order.total) }),
    send: (_, how) =>
      wanted.send([deed, order.order_id, back], (key) => {
        const sent = { ...how, key };
        if (deed === "mark") return activity.markPaid(id, order.order_id, sent);
        if (deed === "cancel") return activity.cancelOrder(id, order.order_id, sent);
        return activity.refundOrder(id, order.order_id, { minor: back ?? 0, currency }, sent);
      }),
    done: onClose,
  });
  const most = leftOf(order);
  const bad = deed === "refund" && (!back || back > most);
  return (
    <ConfirmDialog
      title={t(`orders.${deed}`)}
      text={t(`orders.${deed}-confirm`, { amount: amount(order.total) })}
      action={t(`orders.${deed}`)}
      busy={command.isPending}
      harmless={deed === "mark"}
      isOpen
      onClose={onClose}
      onConfirm={() => !bad && command.mutate()}
    >
      {deed === "refund" && (
        <MoneyField
          label={t("orders.refund-amount")}
          hint={t("orders.refund-most", { most: money(most, currency) })}
          value={back}
          currency={currency}
          most={most}
          onChange={setBack}
        />
      )}
    </ConfirmDialog>
  );
}
