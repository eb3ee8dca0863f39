import { useState } from "react";
import { activity } from "../../api/calls";
import { Intention } from "../../api/intention";
import type { Order } from "../../api/types";
import { t } from "../../i18n";
import { amount, money } from "../../lib/format";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import { MoneyField } from "../../ui/MoneyField";
import { leftOf } from "./leftOf";
import { useCommand } from "./useCommand";
import "../../words/air";
import "../../words/orders";

export type Deed = "mark" | "cancel" | "refund";

export interface OrderDeedProps {
  deed: Deed;
  order: Order;
  id: string;
  isOpen: boolean;
  onClose: () => void;
}

/** Asks before something is done with an order, and for how much. */
export function OrderDeed({ deed, order, id, isOpen, onClose }: OrderDeedProps) {
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
      isOpen={isOpen}
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
