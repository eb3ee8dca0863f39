// A table with the columns that an import reads, and three products to be replaced.

import { t } from "../../i18n";
import { EXPONENTS } from "../../lib/currencies";

const PRICES = [34, 28, 19];

export function sample(currency: string, rows: readonly (readonly [title: string, category: string])[]): string {
  const digits = EXPONENTS[currency] ?? 2;
  const cell = (text: string) => `"${text.replaceAll('"', '""')}"`;
  const head = ["product", "title", "category", `price_${currency.toLowerCase()}`, "commission_percent"];
  const lines = rows.map(([title, category], at) =>
    [`SKU-${at + 1}`, cell(title), cell(category), (PRICES[at] ?? 1).toFixed(digits), "10"].join(","),
  );
  return [head.join(","), ...lines, ""].join("\r\n");
}

/** Saves it on the reader's computer. */
export function downloadSample(currency: string): void {
  const text = sample(currency, [
    [t("products.sample-1"), t("products.sample-kitchen")],
    [t("products.sample-2"), t("products.sample-textiles")],
    [t("products.sample-3"), t("products.sample-kitchen")],
  ]);
  const address = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = t("products.sample-name");
  link.click();
  URL.revokeObjectURL(address);
}
