// One function per route, grouped as the contracts group them.

import { knowStaff } from "../lib/staff";
import { call, type How, type Query } from "./client";
import type {
  ActivityPage,
  Audience,
  BagItem,
  Board,
  Comment,
  Comparison,
  Me,
  Metric,
  Money,
  Order,
  PinInterval,
  Product,
  ProductAnalyticsPage,
  ProductSource,
  Recap,
  Session,
  SessionPage,
  SuggestionList,
  Trend,
  UsualCurve,
} from "./types";

type Named<Id extends string> = Record<Id, string> & { name: string; role?: string | null };
type WithSession = { session: Session; position?: number };

const at = (sessionId: string, rest = "") => `/sessions/${encodeURIComponent(sessionId)}${rest}`;
const part = encodeURIComponent;

export const access = {
  signIn: (email: string, password: string) => call<unknown>("POST", "/sign-in", { body: { email, password } }),
  signInWithLink: (token: string) => call<unknown>("POST", "/sign-in/link", { body: { token } }),
  signOut: () => call<unknown>("POST", "/sign-out").finally(() => knowStaff(false)),
  me: async () => {
    const me = await call<Me>("GET", "/me");
    knowStaff(true);
    return me;
  },
  metrics: () => call<{ metrics: Metric[] }>("GET", "/metrics-registry"),
};

const NONE = (): { creators?: undefined; partners?: undefined } => ({});

export const directory = {
  /** The creators and partners that somebody sees, with their role where they belong to them. */
  others: async () => {
    const [creators, partners] = await Promise.all([
      call<{ creators?: Named<"creator_id">[] }>("GET", "/creators").catch(NONE),
      call<{ partners?: Named<"partner_id">[] }>("GET", "/partners").catch(NONE),
    ]);
    return { creators: creators.creators ?? [], partners: partners.partners ?? [] };
  },
  /** The accounts of everybody who is bound to a partner: at most 2,000 of them. */
  partnerAccounts: async (partner: string) => {
    const rows: Me["accounts"] = [];
    let page_token = "";
    for (let page = 0; page < 10; page++) {
      const answer = await call<{ accounts: Me["accounts"]; next_page_token?: string }>(
        "GET", `/partners/${part(partner)}/accounts`, { query: { page_size: 200, page_token } },
      );
      rows.push(...answer.accounts);
      page_token = answer.next_page_token ?? "";
      if (!page_token) break;
    }
    return rows;
  },
};

export const sessions = {
  list: (query: Query) => call<SessionPage>("GET", "/sessions", { query }),
  get: (id: string) => call<WithSession>("GET", at(id)),
  open: (account_id: string, title: string) =>
    call<WithSession>("POST", "/sessions", { body: { account_id, title } }),
  rename: (id: string, title: string, version: number) =>
    call<WithSession>("PATCH", at(id), { body: { title }, version }),
  setScript: (id: string, script: string, version: number) =>
    call<WithSession>("PUT", at(id, "/script"), { body: { script }, version }),
  /** Only one that never went on air. */
  remove: (id: string) => call<unknown>("DELETE", at(id)),
  startPractice: (id: string, how?: How) => call<WithSession>("POST", at(id, "/practice"), { body: {}, ...how }),
  endPractice: (id: string, how?: How) => call<WithSession>("DELETE", at(id, "/practice"), how),
  goLive: (id: string, how?: How) => call<WithSession>("POST", at(id, "/live"), { body: {}, ...how }),
  /** Without a time it ends now, a replay where it has got to. */
  end: (id: string, end_time?: string, how?: How) =>
    call<WithSession>("POST", at(id, "/end"), { body: { end_time }, ...how }),
};

export const bag = {
  list: (id: string, query: string) =>
    call<{ items: BagItem[]; pins: PinInterval[]; version: number }>("GET", at(id, "/bag"), { query: { query } }),
  add: (id: string, source: ProductSource, references: string[], version?: number) =>
    call<{ added_product_ids: string[] }>("POST", at(id, "/bag"), { body: { source, references }, version }),
  remove: (id: string, product: string, how?: How) => call<WithSession>("DELETE", at(id, `/bag/${part(product)}`), how),
  move: (id: string, product: string, number: number, version?: number, how?: How) =>
    call<WithSession>("PUT", at(id, `/bag/${part(product)}/number`), { body: { number }, version, ...how }),
  pin: (id: string, product: string, how?: How) =>
    call<WithSession>("PUT", at(id, `/bag/${part(product)}/pin`), { body: {}, ...how }),
  unpin: (id: string, product: string, how?: How) => call<WithSession>("DELETE", at(id, `/bag/${part(product)}/pin`), how),
};

export const activity = {
  list: (id: string, query: Query) => call<ActivityPage>("GET", at(id, "/activity"), { query }),
  comments: (id: string, query: Query) =>
    call<{ comments?: Comment[]; next_page_token?: string }>("GET", at(id, "/comments"), { query }),
  reply: (id: string, comment_id: string, text: string, key: string, how?: How) =>
    call<{ comment_id: string }>("POST", at(id, "/replies"), { body: { comment_id, text }, key, ...how }),
  pinComment: (id: string, comment: string, how?: How) =>
    call<unknown>("PUT", at(id, `/comments/${part(comment)}/pin`), { body: {}, ...how }),
  unpinComment: (id: string, comment: string, how?: How) =>
    call<unknown>("DELETE", at(id, `/comments/${part(comment)}/pin`), how),
  markPaid: (id: string, order: string, how?: How) =>
    call<{ order: Order }>("POST", at(id, `/orders/${part(order)}/payment`), { body: {}, ...how }),
  cancelOrder: (id: string, order: string, how?: How) =>
    call<{ order: Order }>("POST", at(id, `/orders/${part(order)}/cancellation`), { body: {}, ...how }),
  refundOrder: (id: string, order: string, amount: Money, how?: How) =>
    call<{ order: Order }>("POST", at(id, `/orders/${part(order)}/refunds`), { body: { amount }, ...how }),
  orders: (id: string, query: Query) =>
    call<{ orders: Order[]; next_page_token?: string }>("GET", at(id, "/orders"), { query }),
};

export const board = {
  get: (id: string) => call<Board>("GET", at(id, "/board")),
  trend: (id: string, query: Query) => call<Trend>("GET", at(id, "/trend"), { query }),
  products: (id: string, query: Query = {}) => call<ProductAnalyticsPage>("GET", at(id, "/products"), { query }),
  audience: (id: string, query: Query = {}) => call<Audience>("GET", at(id, "/audience"), { query }),
  usual: (id: string) => call<UsualCurve>("GET", at(id, "/usual-curve")),
  comparison: (id: string) => call<Comparison>("GET", at(id, "/comparison")),
  suggestions: (id: string) => call<SuggestionList>("GET", at(id, "/suggestions")),
  recap: (id: string) => call<Recap>("GET", at(id, "/recap")),
  replay: (id: string) => call<{ url: string; expire_time?: string }>("GET", at(id, "/replay")),
};

export const catalogue = {
  products: (shop: string, query: Query) =>
    call<{ products: Product[]; next_page_token?: string }>("GET", `/shops/${part(shop)}/products`, { query }),
};
