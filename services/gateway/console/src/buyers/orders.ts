// What a viewer has reserved in a LIVE: kept as long as this window, so that a reload does not lose it.

import { useState } from "react";
import type { Money, Order } from "../api/types";

export interface Reserved {
  orderId: string;
  reference: string;
  title: string;
  /** The product's page in the shop; "" when it has none. */
  link: string;
  quantity: number;
  total: Money;
  expires: string;
  /** Simulated, in a demonstration: nobody paid. */
  pretended: boolean;
}

export const reservedOf = (order: Order, title: string, link: string, quantity: number, total: Money): Reserved => ({
  orderId: order.order_id,
  reference: order.reference || order.order_id,
  title,
  link: /^https:\/\//.test(link) ? link : "",
  quantity,
  total,
  expires: order.expire_time ?? "",
  pretended: false,
});

const name = (sessionId: string) => `showfloor.orders.${sessionId}`;

function kept(sessionId: string): Reserved[] {
  try {
    const found: unknown = JSON.parse(sessionStorage.getItem(name(sessionId)) ?? "[]");
    return Array.isArray(found) ? (found as Reserved[]) : [];
  } catch {
    return []; // forbidden, or not ours
  }
}

export function useOrders(sessionId: string) {
  const [orders, setOrders] = useState(() => kept(sessionId));
  const keep = (next: Reserved[]) => {
    setOrders(next);
    try {
      sessionStorage.setItem(name(sessionId), JSON.stringify(next));
    } catch {
      // Full or forbidden: they last until the page is left.
    }
  };
  return {
    orders,
    /** Adds an order, or says how it stands now. */
    put: (order: Reserved) => keep([order, ...orders.filter((one) => one.orderId !== order.orderId)]),
    drop: (orderId: string) => keep(orders.filter((one) => one.orderId !== orderId)),
  };
}

export type Orders = ReturnType<typeof useOrders>;
