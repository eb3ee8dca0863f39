// Whose LIVEs the pages show: those of the place that is taken in the switcher.

import { useQuery } from "@tanstack/react-query";
import { directory } from "../api/calls";
import { useMe } from "../api/queries";
import type { Me } from "../api/types";
import { ALL, type Seat, useSeats } from "./seats";

export type Account = Me["accounts"][number];

export interface Scope {
  /** Not everything that it takes is known yet. */
  isPending: boolean;
  /** What the API is asked for; undefined for everything that somebody sees. */
  account_ids: string[] | undefined;
  accounts: readonly Account[];
  shops: Me["shops"];
}

/** The API takes so many in one question. */
export const MOST = 200;

/** Asked for where a place has no account, because no account at all would mean every account. */
const NONE = ["00000000-0000-0000-0000-000000000000"];

/** The shop, creator or partner of a seat, and the account where it is of one alone. */
export function partsOf(seat: Seat): { id: string; account: string | undefined } {
  const [id = "", account] = seat.id.slice(seat.work.length + 1).split("/");
  return { id, account };
}

/** What a seat shows of all that somebody sees; `partners` are the accounts of the agency, where the seat is one's. */
export function scopeOf(me: Me, seats: readonly Seat[], seat: Seat | undefined, partners: readonly Account[]): Omit<Scope, "isPending"> {
  if (!seat || seat.id === ALL) return { account_ids: undefined, accounts: me.accounts, shops: me.shops };
  const { id, account } = partsOf(seat);
  const accounts =
    seat.work === "partner" ? partners
    : account ? me.accounts.filter((one) => one.account_id === account)
    : me.accounts.filter((one) => one[`${seat.work as "shop" | "creator"}_id`] === id);
  const shops = seat.work === "shop" ? me.shops.filter((one) => one.shop_id === id) : [];
  // Who has one place sees what was granted to them beside it.
  if (seats.length === 1) return { account_ids: undefined, accounts: seat.work === "partner" ? accounts : me.accounts, shops: me.shops };
  const ids = accounts.slice(0, MOST).map((one) => one.account_id);
  return { account_ids: ids.length ? ids : NONE, accounts, shops };
}

export function useScope(): Scope {
  const me = useMe().data;
  const { seats, seat, isPending } = useSeats();
  const partner = seat?.work === "partner" && seat.id !== ALL ? partsOf(seat).id : "";
  const theirs = useQuery({
    queryKey: ["partner", partner, "accounts"],
    queryFn: () => directory.partnerAccounts(partner),
    enabled: partner !== "",
    staleTime: 60_000,
  });
  if (!me || (!seat && isPending)) return { isPending: true, account_ids: undefined, accounts: [], shops: [] };
  return { isPending: theirs.isLoading, ...scopeOf(me, seats, seat, theirs.data ?? []) };
}
