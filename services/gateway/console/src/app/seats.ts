// Where somebody works: the shops, creators and partners that they belong to, each with its accounts and their role.

import { useQuery } from "@tanstack/react-query";
import { directory } from "../api/calls";
import { useMe } from "../api/queries";
import type { Me } from "../api/types";
import { isString, useStored } from "../lib/stored";
import type { Work } from "./areas";

export interface Seat {
  /** "shop:<id>", or "shop:<id>/<account>" for one account of it. */
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
  seats: Seat[];
  /** The one that is taken. */
  seat: Seat | undefined;
  /** Not everything that may give a seat is known yet. */
  isPending: boolean;
  choose: (id: string) => void;
}

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

/** The seats of who is signed in, the one that they have taken, and how to take another. */
export function useSeats(): Seats {
  const me = useMe().data;
  const others = useQuery({ queryKey: ["directory", "others"], queryFn: directory.others, staleTime: 300_000, enabled: me !== undefined });
  const [chosen, choose] = useStored("seat", "", isString);
  const seats = me ? seatsOf(me, others.data ?? NOBODY) : [];
  return { seats, seat: seats.find((one) => one.id === chosen) ?? seats[0], isPending: !others.data && !others.error, choose };
}
