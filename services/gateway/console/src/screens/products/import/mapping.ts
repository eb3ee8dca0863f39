// Which column of a file becomes which field of a product.

import type { Import, ImportColumn } from "../../../api/types";

const OPTIONS = [1, 2, 3].flatMap((n) => [`option_${n}`, `option_${n}_value`]);

export const FIELDS: readonly string[] = [
  "product", "title", "category", "price", "compare_at_price", "sale_price", "stock", "commission_percent", "image_url", "link", "variant",
  "variant_image_url", ...OPTIONS, "parent", "kind", "row_id", "in_stock", "stock_counted", "sells_on",
];

/** The field of each column by its place; empty for one that is left out. */
export type Mapping = readonly string[];

export const mappingOf = (columns: readonly ImportColumn[]): Mapping => columns.map(({ field }) => field ?? "");

/** A field is filled by one column: whichever had it before is left out. */
export const withField = (mapping: Mapping, place: number, field: string): Mapping =>
  mapping.map((was, at) => (at === place ? field : field !== "" && was === field ? "" : was));

/** As the API takes it. */
export const written = (columns: readonly ImportColumn[], mapping: Mapping): string[] =>
  mapping.flatMap((field, at) => (field ? [`${field}:${columns[at]?.column ?? ""}`] : []));

/** What a file needs and no column fills. TikTok Shop tells its new products by their names. */
export function missing({ format }: Import, mapping: Mapping): string[] {
  const needed = format === "tiktok_shop" ? ["price"] : ["product", "price"];
  return needed.filter((field) => !mapping.includes(field));
}

/** Whether columns were recognised by other names than ours, or not at all: then a person looks at them first. */
export const isForeign = ({ format, columns }: Import): boolean =>
  columns !== undefined && columns.length > 0 && format !== undefined && format !== "unspecified" && format !== "showfloor";
