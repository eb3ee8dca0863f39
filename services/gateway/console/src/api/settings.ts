// What the settings read and change: people and their roles, grants, connectors.

import { call, type Query } from "./client";

export type Place = "shops" | "accounts" | "creators" | "partners";

export interface Member {
  user_id: string;
  name: string;
  role: string;
}

export interface User {
  user_id: string;
  name: string;
  email?: string | null;
}

export interface NewUser {
  name: string;
  email: string;
  shop_id?: string;
  creator_id?: string;
  partner_id?: string;
}

export interface Grant {
  grant_id: string;
  account_id: string;
  scope: string;
  state: string;
  until_time: string;
  given_time: string;
  user_id?: string | null;
  partner_id?: string | null;
  partner_name?: string | null;
  end_time?: string | null;
}

export interface NewGrant {
  scope: "read" | "moderate";
  until_time: string;
  user_id?: string;
  partner_id?: string;
}

export interface GrantUse {
  use_id: string;
  user_id: string;
  action: string;
  thing: string;
  first_time: string;
  last_time: string;
  calls: number;
}

export interface Binding {
  binding_id: string;
  status: string;
  offered_by: string;
  partner_id?: string | null;
  partner_name?: string | null;
  shop_id?: string | null;
  shop_name?: string | null;
  creator_id?: string | null;
  creator_name?: string | null;
  offered_time?: string | null;
}

/** Whose eyes a collab of a shop and a creator is looked at with. */
export type CollabSide = "shop" | "creator";

export type ConnectorScope = "ingest" | "payments" | "checkout";

export interface Connector {
  connector_id: string;
  name: string;
  scopes: string[];
  account_ids?: string[];
  added_time?: string | null;
  rotated_time?: string | null;
}

export interface NewConnector {
  name: string;
  scopes: ConnectorScope[];
  shop_id?: string;
  creator_id?: string;
}

/** A shop's own checkout; without an address there is none. */
export interface Checkout {
  address?: string;
  set_time?: string | null;
  key_id?: string | null;
  signs_from_time?: string | null;
  next_key_id?: string | null;
  next_signs_from_time?: string | null;
}

export interface CheckoutKey {
  key_id: string;
  key: string;
  signs_from_time: string;
}

const PAGE = 200;
const PAGES = 10; // of a list that is shown whole

/** The rows of a list of at most PAGES pages. */
async function whole<Row>(path: string, name: string, query: Query = {}): Promise<Row[]> {
  const rows: Row[] = [];
  let page_token = "";
  for (let page = 0; page < PAGES; page++) {
    const answer = await call<Record<string, unknown>>("GET", path, { query: { ...query, page_size: PAGE, page_token } });
    rows.push(...(answer[name] as Row[]));
    page_token = String(answer["next_page_token"] ?? "");
    if (!page_token) break;
  }
  return rows;
}

const part = encodeURIComponent;
const members = (place: Place, id: string, user = "") => `/${place}/${part(id)}/members${user && `/${part(user)}`}`;
const grants = (account: string) => `/accounts/${part(account)}/grants`;
const connector = (id: string, rest = "") => `/connectors/${part(id)}${rest}`;

export const team = {
  members: (place: Place, id: string) => whole<Member>(members(place, id), "members"),
  users: (query: Query) => whole<User>("/users", "users", query),
  add: (user: NewUser, key: string) => call<User>("POST", "/users", { body: user, key }),
  assign: (place: Place, id: string, user: string, role: string) => call<unknown>("PUT", members(place, id, user), { body: { role } }),
  revoke: (place: Place, id: string, user: string) => call<unknown>("DELETE", members(place, id, user)),
};

export const access = {
  grants: (account: string) => whole<Grant>(grants(account), "grants"),
  give: (account: string, grant: NewGrant, key: string) => call<Grant>("POST", grants(account), { body: grant, key }),
  revoke: (id: string) => call<unknown>("DELETE", `/grants/${part(id)}`),
  uses: (id: string, page_token: string) =>
    call<{ uses: GrantUse[]; next_page_token?: string }>("GET", `/grants/${part(id)}/uses`, { query: { page_size: 50, page_token } }),
  bindings: () => whole<Binding>("/bindings", "bindings"),
};

export const collabs = {
  offer: (side: CollabSide, id: string, other: string) =>
    side === "shop"
      ? call<unknown>("POST", `/shops/${part(id)}/creators`, { body: { creator_id: other } })
      : call<unknown>("POST", `/creators/${part(id)}/shops`, { body: { shop_id: other } }),
  accept: (id: string) => call<unknown>("POST", `/bindings/${part(id)}/accept`, { body: {} }),
  end: (id: string) => call<unknown>("DELETE", `/bindings/${part(id)}`),
};

export const connectors = {
  list: (query: Query) => whole<Connector>("/connectors", "connectors", query),
  create: (body: NewConnector, key: string) => call<Connector>("POST", "/connectors", { body, key }),
  assign: (id: string, account: string) => call<unknown>("PUT", connector(id, `/accounts/${part(account)}`), { body: {} }),
  revoke: (id: string, account: string) => call<unknown>("DELETE", connector(id, `/accounts/${part(account)}`)),
  rotate: (id: string) => call<{ credential: string }>("POST", connector(id, "/credential"), { body: {} }),
  remove: (id: string) => call<unknown>("DELETE", connector(id)),
};

const checkoutOf = (shop: string, rest = "") => `/shops/${part(shop)}/checkout${rest}`;

export const checkout = {
  get: (shop: string) => call<Checkout>("GET", checkoutOf(shop)),
  set: (shop: string, address: string, key: string) => call<Checkout>("PUT", checkoutOf(shop), { body: { address }, key }),
  rotate: (shop: string, at_once: boolean) => call<CheckoutKey>("POST", checkoutOf(shop, "/key"), { body: { at_once } }),
  test: (shop: string) => call<{ url: string }>("POST", checkoutOf(shop, "/test-link"), { body: {} }),
  remove: (shop: string) => call<unknown>("DELETE", checkoutOf(shop)),
};
