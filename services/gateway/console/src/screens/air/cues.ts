// The run of show: what comes in which order. A further kind of cue joins the union and gets a card of its own.

import { url } from "../../api/client";
import type { BagItem, Board, Product } from "../../api/types";

export interface ProductCue {
  kind: "product";
  id: string;
  item: BagItem;
  /** Paid since its latest pin began; null before it was pinned. */
  sold: number | null;
}

export type Cue = ProductCue;

export function cuesOf(items: readonly BagItem[], board: Board | undefined): Cue[] {
  const sold = new Map(board?.units_since_pin?.map((one) => [one.product_id, one.units_sold]));
  return items.map((item) => {
    const id = item.product.product_id;
    return { kind: "product", id, item, sold: sold.get(id) ?? null };
  });
}

const WIDE = 96; // pixels, the smallest that is kept

/** Only pictures of our own: the page's policy lets no other server know who looks. */
export const pictureOf = ({ image_id }: Product): string | undefined =>
  image_id ? url(`/images/${encodeURIComponent(image_id)}`, { width: WIDE }) : undefined;
