import { useMe } from "../../api/queries";
import { partsOf } from "../../app/scope";
import { ALL, useSeats } from "../../app/seats";

export interface Shop {
  id: string;
  name: string;
  currency: string;
  /** Owners and staff run the catalogue; who only hosts an account looks at it. */
  runs: boolean;
}

/** The shop that somebody works for just now; null for who works for none, undefined until that is known. */
export function useShop(): Shop | null | undefined {
  const me = useMe().data;
  const { seat, work } = useSeats();
  if (!me) return undefined;
  if (work !== "shop") return null;
  const id = seat && seat.id !== ALL ? partsOf(seat).id : "";
  const shop = me.shops.find((one) => one.shop_id === id) ?? me.shops[0];
  if (!shop) return null;
  return { id: shop.shop_id, name: shop.name, currency: shop.currency ?? "", runs: shop.role === "owner" || shop.role === "staff" };
}
