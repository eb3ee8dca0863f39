import { useQuery } from "@tanstack/react-query";
import { products } from "../../api/products";
import type { ProductVariant } from "../../api/types";
import { t } from "../../i18n";
import { amount, count, DASH } from "../../lib/format";
import { Badge } from "../../ui/Badge";
import { ProblemNote } from "../../ui/Notes";
import { type Column, Table } from "../../ui/Table";

/** The variants of a product, in the order of the shop. */
export function Variants({ id }: { id: string }) {
  const one = useQuery({ queryKey: ["product", id, "variants"], queryFn: () => products.get(id) });
  if (one.error) return <ProblemNote error={one.error} retry={() => void one.refetch()} />;
  const options = one.data?.options ?? [];
  return (
    <section className="product-variants">
      <h3>{t("products.variants-title")}</h3>
      <p className="muted small">{t("products.variants-hint")}</p>
      <Table
        label={t("products.variants-title")}
        columns={columnsOf(options.map(({ name }) => name).join(" / "))}
        rows={one.data?.variants ?? []}
        keyOf={(variant) => variant.variant_id}
        loading={one.isPending}
      />
    </section>
  );
}

const columnsOf = (options: string): Column<ProductVariant>[] => [
  {
    id: "values", head: options, isRowHeader: true,
    cell: ({ values, reference }) => (
      <span className="product-words">
        <span>{values.join(" / ")}</span>
        <span className="muted small">{reference}</span>
      </span>
    ),
  },
  {
    id: "price", head: t("products.price"), number: true,
    cell: ({ price, compare_at_price: before }) => <>{before && <><s className="muted small">{amount(before)}</s>{" "}</>}{amount(price)}</>,
  },
  {
    id: "stock", head: t("products.stock"), number: true,
    cell: ({ stock }) => (stock === 0 ? <Badge tone="bad">{t("products.sold-out")}</Badge> : stock === null || stock === undefined ? DASH : count(stock)),
  },
];
