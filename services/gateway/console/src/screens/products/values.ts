// A product's fields as a person reads them.

import type { Written } from "../../api/products";
import { named, t } from "../../i18n";
import { amount, count, rate } from "../../lib/format";
import type { Field } from "./saving";

export const LABELS = ["unspecified", "bestseller", "trending", "high_commission", "new"] as const;
export const FULL = 10_000; // basis points of 100 %

export const NAMES = {
  title: "products.title",
  category: "products.category",
  price: "products.price",
  compare_at_price: "products.compare-at",
  commission_bps: "products.commission",
  label: "products.label",
  in_showcase: "products.showcase",
  link: "products.link",
  stock: "products.stock",
  image_id: "products.picture",
} as const satisfies Record<Field, string>;

export const labelText = (label: string | undefined) =>
  !label || label === "unspecified" ? t("products.label-none") : named("label", label);

export function valueText(written: Written, field: Field): string {
  switch (field) {
    case "price":
      return amount(written.price);
    case "compare_at_price":
      return written.compare_at_price ? amount(written.compare_at_price) : t("conflict.empty");
    case "commission_bps":
      return rate(written.commission_bps / FULL);
    case "stock":
      return written.stock === null ? t("products.uncounted") : count(written.stock);
    case "label":
      return labelText(written.label);
    case "in_showcase":
      return t(written.in_showcase ? "yes" : "no");
    case "image_id":
      return written.image_id ? t("products.picture") : t("conflict.empty");
    default:
      return written[field] || t("conflict.empty");
  }
}
