// The cells of the catalogue that are edited in place.

import type { Patch } from "../../api/products";
import type { Product } from "../../api/types";
import { t } from "../../i18n";
import { amount, count, DASH, rate } from "../../lib/format";
import { Badge } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { Menu } from "../../ui/Menu";
import { MoneyField } from "../../ui/MoneyField";
import { NumberField } from "../../ui/NumberField";
import { TextField } from "../../ui/TextField";
import { taken, trimmed } from "../../lib/text";
import { EditCell } from "./EditCell";
import { CATEGORY } from "./rules";
import { patchOf, type Field, writtenOf } from "./saving";
import type { Saving } from "./useSaving";
import { FULL, LABELS, labelText, NAMES, valueText } from "./values";

interface Props {
  product: Product;
  saving: Saving;
  isDisabled: boolean;
}

const about = (product: Product, field: Field, value = valueText(writtenOf(product), field)) =>
  t("products.edit-of", { name: t(NAMES[field]), title: product.title, value });

/** Sends what differs; a value that was left as it was sends nothing. */
function keep({ product, saving }: Props, patch: Patch): void {
  const changed = patchOf(product, { ...writtenOf(product), ...patch });
  if (Object.keys(changed).length > 0) void saving.save(product, changed);
}

export function PriceCell(props: Props) {
  const { product, isDisabled } = props;
  const { minor, currency } = product.price;
  const before = product.compare_at_price;
  if (product.variant_count) return <span className="nowrap">{t("products.from", { price: amount(product.price) })}</span>;
  return (
    <EditCell<number | null>
      label={about(product, "price")}
      value={minor}
      isDisabled={isDisabled}
      shown={<>{before && <s className="muted small">{amount(before)}</s>}<span>{amount(product.price)}</span></>}
      field={(value, onChange) => <MoneyField label={t("products.price")} hideLabel autoFocus value={value} currency={currency} onChange={onChange} />}
      onSave={(value) => value !== null && keep(props, { price: { minor: value, currency } })}
    />
  );
}

export function CommissionCell(props: Props) {
  const { product, isDisabled } = props;
  const bps = product.commission_bps ?? 0;
  return (
    <EditCell<number | null>
      label={about(product, "commission_bps")}
      value={bps / FULL}
      isDisabled={isDisabled}
      shown={rate(bps / FULL)}
      field={(value, onChange) => <ShareField autoFocus hideLabel value={value} onChange={onChange} />}
      onSave={(value) => keep(props, { commission_bps: Math.round((value ?? 0) * FULL) })}
    />
  );
}

interface ShareProps {
  value: number | null;
  onChange: (value: number | null) => void;
  hideLabel?: boolean;
  autoFocus?: boolean;
}

/** A commission: 0.125 is 12.5 %. */
export const ShareField = (props: ShareProps) => (
  <NumberField
    {...props}
    label={t("products.commission")}
    plain
    minValue={0}
    maxValue={1}
    step={0.0001}
    formatOptions={{ style: "percent", maximumFractionDigits: 2 }}
  />
);

export function StockCell(props: Props) {
  const { product, isDisabled } = props;
  const stock = product.stock ?? null;
  const shown = stock === 0 ? <Badge tone="bad">{t("products.sold-out")}</Badge> : stock === null ? DASH : count(stock);
  if (product.variant_count) return shown;
  return (
    <EditCell<number | null>
      label={about(product, "stock", stock === 0 ? t("products.sold-out") : undefined)}
      value={stock}
      isDisabled={isDisabled}
      shown={shown}
      field={(value, onChange) => <NumberField label={t("products.stock")} hideLabel plain autoFocus minValue={0} maxValue={1e9} value={value} onChange={onChange} />}
      onSave={(value) => keep(props, { stock: value })}
    />
  );
}

export function CategoryCell(props: Props) {
  const { product, isDisabled } = props;
  return (
    <EditCell<string>
      label={about(product, "category")}
      value={product.category ?? ""}
      isDisabled={isDisabled}
      shown={<span className="product-category">{product.category || DASH}</span>}
      field={(value, onChange) => <TextField label={t("products.category")} hideLabel autoFocus rule={CATEGORY} value={value} onChange={onChange} />}
      allows={(value) => taken(value, CATEGORY)}
      onSave={(value) => keep(props, { category: trimmed(value) })}
    />
  );
}

const TONES = { bestseller: "good", trending: "info", high_commission: "warn", new: "accent" } as const;

export function LabelCell(props: Props) {
  const { product, isDisabled } = props;
  const label = product.label && product.label !== "unspecified" ? product.label : "";
  const shown = label ? <Badge tone={TONES[label as keyof typeof TONES]}>{labelText(label)}</Badge> : <span className="muted">{DASH}</span>;
  const name = about(product, "label");
  return (
    <Menu
      label={t("products.label")}
      trigger={<Button kind="quiet" small className="edit-cell" aria-label={name} isDisabled={isDisabled}>{shown}</Button>}
      actions={LABELS.map((id) => ({ id, text: labelText(id), onAction: () => keep(props, { label: id }) }))}
    />
  );
}
