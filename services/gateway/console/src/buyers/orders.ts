// A viewer's orders in a LIVE. What the shop's side says of them holds; this window remembers them until it has answered.

import { useEffect, useRef, useState } from "react";
import type { Money, Order, OwnOrder } from "../api/types";
import { watch } from "../api/watch";
import { t } from "../i18n";

export interface Reserved {
  orderId: string;
  reference: string;
  title: string;
  /** The product's page in the shop; "" when it has none. */
  link: string;
  quantity: number;
  total: Money;
  expires: string;
  /** As the server said last. */
  state: Order["state"];
  refunded?: Money | null;
  /** Simulated, in a demonstration: nobody paid. */
  pretended: boolean;
}

/** What a viewer reads of an order now. */
export type Standing = "held" | "gone" | "pretended" | "paid" | "cancelled" | "refunded";

export function standing({ state, pretended, expires }: Reserved, now: number): Standing {
  if (state === "cancelled" || state === "refunded") return state;
  if (pretended) return "pretended";
  if (state === "paid") return "paid";
  return state === "expired" || (expires !== "" && Date.parse(expires) <= now) ? "gone" : "held";
}

export const reservedOf = (order: Order, title: string, link: string, quantity: number, total: Money): Reserved => ({
  orderId: order.order_id,
  reference: order.reference || order.order_id,
  title,
  link: /^https:\/\//.test(link) ? link : "",
  quantity,
  total,
  expires: order.expire_time ?? "",
  state: "placed",
  pretended: false,
});

/** A product's name with that of its variant, if there is one. */
export const titled = (title: string, kind: string | undefined) => (title && kind ? t("watch.kind", { title, kind }) : title);

/** What the server says, with what only this window knows. */
export function merged(known: readonly Reserved[], told: readonly OwnOrder[]): Reserved[] {
  const shown = told.map(({ order, titles = [] }): Reserved => {
    const before = known.find((one) => one.orderId === order.order_id);
    const quantity = order.items.reduce((sum, item) => sum + item.quantity, 0);
    const named = titles.map((one, at) => titled(one, order.items[at]?.variant_name)).filter(Boolean);
    const title = named.join(", ") || before?.title || "";
    return {
      ...reservedOf(order, title, before?.link ?? "", quantity, order.total),
      state: order.state,
      refunded: order.refunded ?? null,
      pretended: order.payment_source === "simulated",
    };
  });
  const ids = new Set(shown.map((one) => one.orderId));
  return [...known.filter((one) => !ids.has(one.orderId)), ...shown]; // the newest may not have been heard of yet
}

const name = (sessionId: string) => `showfloor.orders.${sessionId}`;

function kept(sessionId: string): Reserved[] {
  try {
    const found: unknown = JSON.parse(sessionStorage.getItem(name(sessionId)) ?? "[]");
    return Array.isArray(found) ? (found as Reserved[]).map((one) => ({ ...one, state: one.state ?? "placed" })) : [];
  } catch {
    return []; // forbidden, or not ours
  }
}

const EVERY_MS = 5_000; // while something is reserved: somebody may be paying in another tab

/** `token`: a viewer's of this LIVE; "" for none. */
export function useOrders(sessionId: string, token: string) {
  const [orders, setOrders] = useState(() => kept(sessionId));
  const newest = useRef(orders);
  const keep = (next: Reserved[]) => {
    newest.current = next;
    setOrders(next);
    try {
      sessionStorage.setItem(name(sessionId), JSON.stringify(next));
    } catch {
      // Full or forbidden: they last until the page is left.
    }
  };
  const waits = orders.some((one) => standing(one, Date.now()) === "held");
  useEffect(() => {
    if (!token) return undefined;
    let here = true;
    const look = () => {
      if (document.hidden) return;
      // What does not come now comes with the next look.
      void watch.orders(sessionId, token).then(({ orders: told = [] }) => here && keep(merged(newest.current, told)), () => undefined);
    };
    look();
    const timer = waits ? setInterval(look, EVERY_MS) : undefined;
    document.addEventListener("visibilitychange", look);
    return () => {
      here = false;
      clearInterval(timer);
      document.removeEventListener("visibilitychange", look);
    };
  }, [sessionId, token, waits]);
  return {
    orders,
    /** By what its viewer may act on them. */
    token,
    /** Adds an order, or says how it stands now. */
    put: (order: Reserved) => keep([order, ...newest.current.filter((one) => one.orderId !== order.orderId)]),
  };
}

export type Orders = ReturnType<typeof useOrders>;
