// What a list of sessions is narrowed to: kept in the address, so that it can be reloaded, shared and gone back to.

import type { Query } from "../../api/client";
import { type Period, PERIODS, periodStart } from "./period";

export const STATES = ["prepared", "practice", "live", "ended"] as const;
export const SORTS = ["start", "gmv", "units_sold", "duration"] as const;

export interface Filters {
  q?: string;
  account?: string;
  state?: (typeof STATES)[number];
  period?: Period;
  /** Days of one's own, "2026-11-30", both of them in. */
  from?: string;
  until?: string;
  sort?: (typeof SORTS)[number];
  up?: boolean;
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;

const text = (value: unknown) => (typeof value === "string" || typeof value === "number" ? String(value) : "") || undefined;
const day = (value: unknown) => (typeof value === "string" && DAY.test(value) && !Number.isNaN(Date.parse(value)) ? value : undefined);
const one = <T extends string>(known: readonly T[], value: unknown) => known.find((each) => each === value);

/** The filters that an address names; what makes no sense in it is left out. */
export const filtersOf = (search: Record<string, unknown>): Filters => ({
  q: text(search["q"]),
  account: text(search["account"]),
  state: one(STATES, search["state"]),
  period: one(PERIODS, search["period"]),
  from: day(search["from"]),
  until: day(search["until"]),
  sort: one(SORTS, search["sort"]),
  up: search["up"] === true || undefined,
});

/** Midnight of a day in the reader's own zone, so many days later. */
function midnight(value: string, later = 0): string {
  const [year, month, date] = value.split("-").map(Number);
  return new Date(year!, month! - 1, date! + later).toISOString();
}

/** What is asked of the API; without an account of their own, the filters are about `accounts`. */
export function queryOf({ q, account, state, period = "all", from, until, sort, up }: Filters, accounts?: string[], now = new Date()): Query {
  const own = period === "own";
  return {
    query: q,
    account_ids: account ? [account] : accounts,
    states: state ? [state] : undefined,
    start_from: own ? from && midnight(from) : periodStart(period, now),
    start_until: own && until ? midnight(until, 1) : undefined,
    sort,
    ascending: up,
  };
}

export const isNarrowed = ({ q, account, state, period = "all" }: Filters) => Boolean(q || account || state || period !== "all");
