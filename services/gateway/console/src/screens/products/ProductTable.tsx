import Archive from "lucide-react/icons/archive";
import Restore from "lucide-react/icons/archive-restore";
import Ellipsis from "lucide-react/icons/ellipsis";
import Layers from "lucide-react/icons/layers";
import Pencil from "lucide-react/icons/pencil";
import { Button as Plain } from "react-aria-components";
import { pictureOf } from "../../api/products";
import type { Product } from "../../api/types";
import { t } from "../../i18n";
import { count, DASH } from "../../lib/format";
import { Button } from "../../ui/Button";
import { Menu } from "../../ui/Menu";
import { type Column, type Sort, Table } from "../../ui/Table";
import { Thumbnail } from "../../ui/Thumbnail";
import { CategoryCell, CommissionCell, LabelCell, PriceCell, StockCell } from "./cells";
import type { Saving } from "./useSaving";

interface Props {
  products: readonly Product[];
  loading: boolean;
  archived: boolean;
  mayEdit: boolean;
  saving: Saving;
  sort: Sort;
  onSort: (sort: Sort) => void;
  selected: ReadonlySet<string>;
  onSelect: (selected: Set<string>) => void;
  onOpen: (product: Product) => void;
  onArchive: (product: Product) => void;
  onRestore: (product: Product) => void;
  onAddToSet: (product: Product) => void;
}

const keyOf = (product: Product) => product.product_id;
const nameOf = (product: Product) => product.title;

export function ProductTable(props: Props) {
  const { products, loading, mayEdit, archived, saving, sort, onSort, selected, onSelect } = props;
  // While a change is on its way, the row shows what was written.
  const shown = products.map((product) =>
    saving.wanted?.seen.product_id === product.product_id ? { ...product, ...saving.wanted.patch } : product,
  );
  const edit = { saving, isDisabled: !mayEdit || archived };
  const columns: Column<Product>[] = [
    { id: "title", head: t("products.title"), sortable: true, isRowHeader: true, cell: (row) => <Name product={row} onOpen={props.onOpen} /> },
    { id: "price", head: t("products.price"), sortable: true, number: true, cell: (row) => <PriceCell product={row} {...edit} /> },
    { id: "commission", head: t("products.commission"), number: true, wideOnly: true, cell: (row) => <CommissionCell product={row} {...edit} /> },
    { id: "category", head: t("products.category"), wideOnly: true, cell: (row) => <CategoryCell product={row} {...edit} /> },
    { id: "label", head: t("products.label"), wideOnly: true, cell: (row) => <LabelCell product={row} {...edit} /> },
    { id: "stock", head: t("products.stock"), sortable: true, number: true, wideOnly: true, cell: (row) => <StockCell product={row} {...edit} /> },
    {
      id: "units_sold", head: t("products.sold"), sortable: true, number: true, wideOnly: true,
      cell: (row) => (row.units_sold === undefined ? DASH : count(row.units_sold)),
    },
    ...(mayEdit ? [{ id: "more", head: "", stays: true, cell: (row: Product) => <More product={row} {...props} /> }] : []),
  ];
  return (
    <Table
      label={t("nav.catalogue")}
      columns={columns}
      rows={shown}
      keyOf={keyOf}
      nameOf={nameOf}
      sort={sort}
      onSort={onSort}
      selected={selected}
      onSelect={mayEdit ? onSelect : undefined}
      loading={loading}
    />
  );
}

function Name({ product, onOpen }: { product: Product; onOpen: (product: Product) => void }) {
  return (
    <div className="product-name">
      <Thumbnail name={product.title} src={pictureOf(product)} />
      <span className="product-words">
        <Plain className="product-title" aria-label={t("products.open", { title: product.title })} onPress={() => onOpen(product)}>
          {product.title}
        </Plain>
        <span className="muted small product-reference">{product.reference}</span>
        {product.variant_count ? <span className="muted small">{t("products.variants", { n: product.variant_count })}</span> : null}
      </span>
    </div>
  );
}

function More({ product, archived, onOpen, onArchive, onRestore, onAddToSet }: Props & { product: Product }) {
  const size = { size: 15, "aria-hidden": true } as const;
  const actions = archived
    ? [{ id: "restore", text: t("products.restore"), icon: <Restore {...size} />, onAction: () => onRestore(product) }]
    : [
        { id: "edit", text: t("products.edit"), icon: <Pencil {...size} />, onAction: () => onOpen(product) },
        { id: "set", text: t("products.to-set"), icon: <Layers {...size} />, onAction: () => onAddToSet(product) },
        { id: "archive", text: t("products.archive"), icon: <Archive {...size} />, apart: true, onAction: () => onArchive(product) },
      ];
  const label = t("products.actions", { title: product.title });
  return (
    <Menu
      label={label}
      trigger={<Button kind="quiet" small className="icon-button" aria-label={label} icon={<Ellipsis size={16} aria-hidden />} />}
      actions={actions}
    />
  );
}

