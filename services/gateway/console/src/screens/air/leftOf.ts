import type { Order } from "../../api/types";

/** What of an order's money has not been given back, in minor units. */
export const leftOf = (order: Order) => order.total.minor - (order.refunded?.minor ?? 0);
