import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { watch } from "../api/calls";
import { Intention } from "../api/intention";
import type { BagItem, Order } from "../api/types";
import { t } from "../i18n";
import { clock, money } from "../lib/format";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { Select } from "../ui/Select";
import { notify } from "../ui/notices";
import type { ViewerToken } from "./viewerToken";

interface Props {
  sessionId: string;
  viewer: ViewerToken;
  pretence: boolean;
  item: BagItem;
  onClose: () => void;
}

const QUANTITIES = ["1", "2", "3", "4", "5"] as const;

/** An order is a reservation. Whoever takes the money says that it was paid; here one can only pretend, in a demo. */
export function Checkout(props: Props) {
  const [placed, setPlaced] = useState<Order | null>(null);
  return (
    <Dialog title={t("watch.checkout")} isOpen onClose={props.onClose}>
      {placed ? <Payment {...props} order={placed} /> : <Reservation {...props} onPlaced={setPlaced} />}
    </Dialog>
  );
}

function Reservation({ sessionId, viewer, item, onClose, onPlaced }: Props & { onPlaced: (order: Order) => void }) {
  const { product } = item;
  const [quantity, setQuantity] = useState<(typeof QUANTITIES)[number]>("1");
  const [ordering] = useState(() => new Intention());
  const order = useMutation({
    mutationFn: () => {
      const wanted = { product_id: product.product_id, quantity: Number(quantity), unit_price: product.price };
      return ordering.send(wanted, (key) => watch.order(sessionId, viewer.token, wanted, key));
    },
    onSuccess: (answer) => {
      notify(t("watch.ordered", { title: product.title }));
      onPlaced(answer.order);
    },
  });
  return (
    <div className="stack">
      <p><strong>{product.title}</strong></p>
      <Select
        label={t("watch.quantity")}
        value={quantity}
        onChange={setQuantity}
        choices={QUANTITIES.map((id) => ({ id, text: id }))}
      />
      <p className="checkout-total">
        <span>{t("watch.total")}</span>
        <strong className="tabular">{money(product.price.minor * Number(quantity), product.price.currency)}</strong>
      </p>
      <footer className="dialog-foot">
        <Button onPress={onClose}>{t("action.cancel")}</Button>
        <Button kind="primary" isPending={order.isPending} onPress={() => order.mutate()}>
          {t("watch.place")}
        </Button>
      </footer>
    </div>
  );
}

function Payment({ sessionId, viewer, pretence, item, onClose, order }: Props & { order: Order }) {
  const [paying] = useState(() => new Intention());
  const pretend = useMutation({
    mutationFn: () => paying.send(order.order_id, (key) => watch.pretend(sessionId, viewer.token, order.order_id, key)),
    onSuccess: onClose,
  });
  return (
    <div className="stack">
      <p><strong>{item.product.title}</strong></p>
      {order.expire_time && <p role="status">{t("watch.placed", { time: clock(order.expire_time) })}</p>}
      <p className="muted small">{t(pretence ? "watch.pretend-hint" : "watch.pay-elsewhere")}</p>
      <footer className="dialog-foot">
        <Button onPress={onClose}>{t("action.close")}</Button>
        {pretence && (
          <Button kind="primary" isPending={pretend.isPending} onPress={() => pretend.mutate()}>
            {t("watch.pretend")}
          </Button>
        )}
      </footer>
    </div>
  );
}
