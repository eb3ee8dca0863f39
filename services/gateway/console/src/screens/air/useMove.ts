import { bag } from "../../api/calls";
import type { BagItem } from "../../api/types";
import { t } from "../../i18n";
import { overNewest } from "./newest";
import { useCommand } from "./useCommand";

/** Where a product is wanted, told from the bag as it is: its new order number, or 0 when that place is gone. */
export type Place = (items: readonly BagItem[]) => number;

interface Move {
  product: string;
  title: string;
  place: Place;
  /** The whole bag that was looked at; null when only a part of it was in sight. */
  seen: { items: readonly BagItem[]; version: number } | null;
}

const numberOf = (items: readonly BagItem[], product: string) =>
  items.find((item) => item.product.product_id === product)?.number ?? 0;

/** One place up (-1) or down (1). */
export const beside = (product: string, by: number): Place => (items) => numberOf(items, product) + by;

/** Exactly this number, or the last one when the bag has become shorter. */
export const at = (number: number): Place => (items) => Math.min(number, Math.max(...items.map((item) => item.number)));

/** Before or after another product, wherever that one stands by then. */
export const near = (moved: string, target: string, after: boolean): Place => (items) => {
  const order = items.map((item) => item.product.product_id).filter((id) => id !== moved);
  const place = order.indexOf(target);
  return place < 0 ? 0 : place + (after ? 2 : 1);
};

/**
 * Moves a product. When somebody else has changed the bag meanwhile, the place is worked out anew from what it has become: both
 * changes hold.
 */
export function useMove(sessionId: string) {
  return useCommand<Move>(sessionId, {
    what: ({ title }) => t("command.move", { title }),
    send: async ({ product, place, seen }, how) => {
      const whole = () => bag.list(sessionId, "");
      await overNewest(seen ?? (await whole()), whole, async ({ items, version }) => {
        const number = place(items);
        if (number < 1 || number === numberOf(items, product)) return;
        await bag.move(sessionId, product, number, version, how);
      });
    },
  });
}
