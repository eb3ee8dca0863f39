// Changes of a product, so that nobody's change is overwritten unseen.

import { type Patch, products, type Written } from "../../api/products";
import { Problem } from "../../api/client";
import type { Product } from "../../api/types";

export type Field = keyof Written;

/** Somebody else changed the same fields meanwhile. */
export class Conflict extends Error {
  constructor(
    readonly current: Product,
    readonly fields: Field[],
  ) {
    super("conflict");
  }
}

/** What of a product is written, with what it has when nobody wrote it. */
export const writtenOf = (product: Product): Written => ({
  title: product.title,
  category: product.category ?? "",
  price: product.price,
  compare_at_price: product.compare_at_price ?? null,
  commission_bps: product.commission_bps ?? 0,
  label: product.label || "unspecified",
  in_showcase: product.in_showcase ?? false,
  link: product.link ?? "",
  stock: product.stock ?? null,
  image_id: product.image_id ?? "",
});

const worth = (value: Written[Field]) => (value !== null && typeof value === "object" ? `${value.minor} ${value.currency}` : value);
const same = (one: Written, other: Written, field: Field) => worth(one[field]) === worth(other[field]);

/** What of `wanted` is not as the product has it. */
export function patchOf(product: Product, wanted: Written): Patch {
  const now = writtenOf(product);
  const changed = (Object.keys(now) as Field[]).filter((field) => !same(now, wanted, field));
  return Object.fromEntries(changed.map((field) => [field, wanted[field]]));
}

const TRIES = 3;

type Calls = Pick<typeof products, "get" | "update">;

/**
 * Saves a change that was made looking at `seen`. Changes that others made of other fields stay; of the same field, it is
 * refused with `Conflict`.
 */
export async function save(seen: Product, patch: Patch, calls: Calls = products): Promise<Product> {
  const fields = Object.keys(patch) as Field[];
  const before = writtenOf(seen);
  let base = seen;
  for (let attempt = 1; ; attempt++) {
    try {
      return (await calls.update(base.product_id, patch, base.version ?? 0)).product;
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== "VERSION_CONFLICT" || attempt === TRIES) throw error;
      base = await calls.get(seen.product_id);
      const now = writtenOf(base);
      const touched = fields.filter((field) => !same(before, now, field));
      if (touched.length > 0) throw new Conflict(base, touched);
    }
  }
}
