// For whom the settings hold: the shop, creator or partner that is taken in the switcher.

import { useMe } from "../../api/queries";
import type { Place as Places } from "../../api/settings";
import type { Me } from "../../api/types";
import { partsOf } from "../../app/scope";
import { ALL, useSeats } from "../../app/seats";

export type Account = Me["accounts"][number];

export interface Place {
  places: Exclude<Places, "accounts">;
  id: string;
  name: string;
  /** The field that names it in a request. */
  field: "shop_id" | "creator_id" | "partner_id";
  isOwner: boolean;
  /** Its accounts that the reader sees; the one alone that the switcher has taken. */
  accounts: Account[];
  me: Me;
}

const PLACES = { shop: "shops", creator: "creators", partner: "partners" } as const;

/** An owner of it all, or a host, chooses who works on an account and who may look into it. */
export const mayChange = (place: Place, account: Account) => place.isOwner || account.role === "host";

/** Undefined until it is known, and for who works nowhere. */
export function usePlace(): Place | undefined {
  const me = useMe().data;
  const { seats, seat: chosen } = useSeats();
  // Settings are of one place, also while somebody looks at all of theirs.
  const seat = chosen?.id === ALL ? seats[1] : chosen;
  if (!me || !seat) return undefined;
  const { id, account } = partsOf(seat);
  const field = `${seat.work}_id` as const;
  const own = field === "partner_id" ? [] : me.accounts.filter((one) => one[field] === id && (field === "shop_id" || !one.shop_id));
  const whole = seats.find((one) => one.id === `${seat.work}:${id}`) ?? seat;
  return {
    places: PLACES[seat.work], id, field, me, name: seat.name, isOwner: whole.role === "owner",
    accounts: account ? own.filter((one) => one.account_id === account) : own,
  };
}
