// Where somebody works: the shops, creators and partners that they belong to, each with its accounts and their role.

import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { directory } from "../api/calls";
import { useMe } from "../api/queries";
import type { Me } from "../api/types";
import { t } from "../i18n";
import { isString, useStored } from "../lib/stored";
import type { Work } from "./areas";

export interface Seat {
  /** "shop:<id>", or "shop:<id>/<account>" for one account of it; ALL for every place at once. */
  id: string;
  work: Work;
  name: string;
  account?: string;
  role: string;
}

interface Others {
  creators: { creator_id: string; name: string; role?: string | null }[];
  partners: { partner_id: string; name: string; role?: string | null }[];
}

export interface Seats {
  /** Every place, and before several of them the seat that has them all. */
  seats: Seat[];
  /** The one that is taken; undefined until it is known, and for who works nowhere. */
  seat: Seat | undefined;
  work: Work;
  /** Not everything that may give a seat is known yet. */
  isPending: boolean;
  choose: (id: string) => void;
}

/** The seat of who looks at all their places at once. */
export const ALL = "all";

export const NOBODY: Others = { creators: [], partners: [] };

export function seatsOf(me: Me, others: Others): Seat[] {
  const shops = me.shops.flatMap((shop): Seat[] => {
    const seat: Seat = { id: `shop:${shop.shop_id}`, work: "shop", name: shop.name, role: shop.role ?? "" };
    const accounts = me.accounts.filter((one) => one.shop_id === shop.shop_id);
    const each = accounts.map((one) => ({
      ...seat, id: `${seat.id}/${one.account_id}`, account: one.name, role: one.role ?? seat.role,
    }));
    return each.length > 1 ? [seat, ...each] : [seat];
  });
  const own = <T extends { role?: string | null }>(rows: T[]) => rows.filter((one) => one.role);
  return [
    ...shops,
    ...own(others.creators).map((one): Seat => ({
      id: `creator:${one.creator_id}`, work: "creator", name: one.name, role: one.role ?? "",
    })),
    ...own(others.partners).map((one): Seat => ({
      id: `partner:${one.partner_id}`, work: "partner", name: one.name, role: one.role ?? "",
    })),
  ];
}

/** The places, and before several of them all of them at once. Agencies alone are looked at one by one. */
export function withAll(places: Seat[]): Seat[] {
  if (places.length < 2 || places[0]!.work === "partner") return places;
  return [{ id: ALL, work: places[0]!.work, name: t("seat.all"), role: "" }, ...places];
}

/** Which seat is taken. Without a choice: the only shop, or all of several. */
export function taken(seats: readonly Seat[], chosen: string): Seat | undefined {
  const found = seats.find((one) => one.id === chosen);
  if (found) return found;
  const [first, second] = seats.filter((one) => one.work === "shop" && one.id !== ALL && one.account === undefined);
  return first && second ? seats[0] : (first ?? seats.find((one) => one.id !== ALL));
}

const workOf = (id: string): Work => (/^(creator|partner):/.exec(id)?.[1] as Work | undefined) ?? "shop";

/** The seats of who is signed in, the one that they have taken, and how to take another. */
export function useSeats(): Seats {
  const me = useMe().data;
  const others = useQuery({ queryKey: ["directory", "others"], queryFn: directory.others, staleTime: 300_000, enabled: me !== undefined });
  const [chosen, keep] = useStored("seat", "", isString);
  const navigate = useNavigate();
  const seats = me ? withAll(seatsOf(me, others.data ?? NOBODY)) : [];
  const isPending = !others.data && !others.error;
  // A shop is known at once, the others a little later.
  const known = !isPending || workOf(chosen) === "shop" ? taken(seats, chosen) : seats.find((one) => one.id === chosen);
  const work = known?.work ?? workOf(chosen);
  const choose = (id: string) => {
    keep(id);
    // What another kind of work has no page for would lead nowhere.
    if (seats.find((one) => one.id === id)?.work !== work) void navigate({ to: "/" });
  };
  return { seats, seat: known, work, isPending, choose };
}
