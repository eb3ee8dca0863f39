// The routes of viewers: all that their pages ask.

import { call, type Options } from "./client";
import type { CheckoutLink, LiveNow, Order, OrderItem, OwnOrder, Product, Seller, Watch } from "./types";

const at = (id: string, rest = "") => `/watch/${encodeURIComponent(id)}${rest}`;
const tell = (id: string, rest: string, options: Options) => call<unknown>("POST", at(id, rest), options);
const ordered = (order: string, rest: string) => `/orders/${encodeURIComponent(order)}${rest}`;

export const watch = {
  list: () => call<{ sessions: LiveNow[] }>("GET", "/watch"),
  get: (id: string) => call<Watch>("GET", at(id)),
  /** A product of the bag with its variants; the bag tells only how many there are. */
  product: (id: string, product: string) =>
    call<{ product: Product }>("GET", at(id, `/products/${encodeURIComponent(product)}`)).then((answer) => answer.product),
  /** `viewer_token` is that of an earlier join, "" for none: who brings it is known again. */
  join: (id: string, display_name: string, channel: string, viewer_token: string) =>
    call<{ viewer_token: string }>("POST", at(id, "/join"), { body: { display_name, channel, viewer_token } }),
  present: (id: string, token: string) => tell(id, "/presence", { token, body: {} }),
  leave: (id: string, token: string) => tell(id, "/leave", { token, body: {}, keepalive: true }),
  comment: (id: string, token: string, text: string, product_id: string, key: string) =>
    call<{ comment_id?: string }>("POST", at(id, "/comments"), { token, body: { text, product_id }, key }),
  follow: (id: string, token: string) => tell(id, "/follow", { token, body: {} }),
  click: (id: string, token: string, product_id: string) => tell(id, "/clicks", { token, body: { product_id } }),
  like: (id: string, token: string, count: number) =>
    tell(id, "/likes", { token, body: count > 1 ? { count } : {}, keepalive: true }),
  shown: (id: string, token: string, product_ids: string[]) => tell(id, "/impressions", { token, body: { product_ids } }),
  share: (id: string, token: string) => tell(id, "/shares", { token, body: {} }),
  order: (id: string, token: string, item: OrderItem, key: string) =>
    call<{ order: Order }>("POST", at(id, "/orders"), { token, body: { items: [item] }, key }),
  cancel: (id: string, token: string, order: string, key: string) =>
    tell(id, ordered(order, "/cancellation"), { token, body: {}, key }),
  /** The viewer's own orders as they stand now, newest first. */
  orders: (id: string, token: string) => call<{ orders?: OwnOrder[] }>("GET", at(id, "/orders"), { token }),
  /** A link to the shop's own checkout, good as long as the order is reserved. */
  checkout: (id: string, token: string, order: string) =>
    call<CheckoutLink>("POST", at(id, ordered(order, "/checkout-link")), { token, body: {} }),
  seller: (id: string) => call<Seller>("GET", at(id, "/seller")),
  viewers: (id: string) => call<{ viewers_now?: number | null }>("GET", at(id, "/viewers")),
  /** Only where `test_checkout` is on: pretends to pay. */
  pretend: (id: string, token: string, order: string, key: string) =>
    tell(id, ordered(order, "/test-payment"), { token, body: {}, key }),
  /** Whether a person who has signed in works at this LIVE: only they may ask for it. */
  isStaff: (id: string) => call<unknown>("GET", `/sessions/${encodeURIComponent(id)}`).then(() => true, () => false),
};
