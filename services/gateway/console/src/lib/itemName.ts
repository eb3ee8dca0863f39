import type { OrderItem } from "../api/types";
import { t } from "../i18n";

/** What an item of an order is called: its product, and the variant that was chosen. */
export function itemName(item: OrderItem, products: ReadonlyMap<string, string>): string {
  const title = products.get(item.product_id) ?? t("orders.product");
  return t("orders.item", { n: item.quantity, title: item.variant_name ? t("orders.kind", { title, kind: item.variant_name }) : title });
}
