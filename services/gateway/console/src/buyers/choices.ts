// What can be chosen of a product that comes in variants. One value for each option, in their order; "" for none yet.

import type { Product, ProductVariant } from "../api/types";

const soldOut = (variant: ProductVariant) => variant.stock === 0;

/** The values of an option, in the order in which the shop has them. */
export const valuesOf = ({ variants = [] }: Product, at: number): string[] => [
  ...new Set(variants.map(({ values }) => values[at] ?? "")),
];

/**
 * Whether a value can be had with what is chosen in the options before it. What is chosen after it does not count: it
 * gives way, so that nobody is caught between two options.
 */
export const canHave = ({ variants = [] }: Product, chosen: readonly string[], at: number, value: string): boolean =>
  variants.some(
    (one) => !soldOut(one) && one.values[at] === value && chosen.slice(0, at).every((other, before) => !other || one.values[before] === other),
  );

/** What stands after a choice: what cannot be had with it goes, and an option with one value is chosen by itself. */
export function choosing(product: Product, wanted: readonly string[]): string[] {
  const chosen: string[] = [];
  (product.options ?? []).forEach((_, at) => {
    const values = valuesOf(product, at);
    const value = wanted[at] || (values.length === 1 ? values[0]! : "");
    chosen.push(value && canHave(product, chosen, at, value) ? value : "");
  });
  return chosen;
}

/** The variant that is chosen, once every option has a value. */
export const variantOf = ({ variants = [] }: Product, chosen: readonly string[]): ProductVariant | undefined =>
  variants.find(({ values, stock }) => stock !== 0 && values.every((value, at) => value === chosen[at]));

/** The first option that has no value yet. */
export const missingOf = ({ options = [] }: Product, chosen: readonly string[]): string =>
  options.find((_, at) => !chosen[at])?.name ?? "";
