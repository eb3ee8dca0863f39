import Check from "lucide-react/icons/check";
import { useDeferredValue, useState, type ReactNode } from "react";
import { ListBox, ListBoxItem, type Selection } from "react-aria-components";
import type { Query } from "../../../api/client";
import { pictureOf, useCatalogue, useCategories } from "../../../api/products";
import type { Product } from "../../../api/types";
import { named, t } from "../../../i18n";
import { amount, count } from "../../../lib/format";
import { Badge } from "../../../ui/Badge";
import { Button } from "../../../ui/Button";
import { LoadMore } from "../../../ui/LoadMore";
import { EmptyState } from "../../../ui/EmptyState";
import { ProblemNote } from "../../../ui/Notes";
import { SearchField } from "../../../ui/SearchField";
import { Select } from "../../../ui/Select";
import { Skeleton } from "../../../ui/Skeleton";
import { Thumbnail } from "../../../ui/Thumbnail";
import "../../../ui/Checkbox.css";
import "./picking.css";

export type Chosen = ReadonlyMap<string, Product>;
export const NONE: Chosen = new Map();

interface Props {
  shop: string;
  /** Which of the shop's products there are to choose from. */
  only?: Query;
  /** What is there already cannot be chosen again. */
  held: ReadonlySet<string>;
  /** Said of what is there already, such as "In the bag". */
  heldText: string;
  chosen: Chosen;
  onChange: (chosen: Chosen) => void;
  /** Shown when there is nothing to choose from, and nothing was searched. */
  empty: ReactNode;
}

const ANY = "*"; // no category is called so

/** A shop's products to choose from: searched, by category, any number of them. Arrow keys move, the space bar chooses. */
export function ProductChooser({ shop, only = {}, held, heldText, chosen, onChange, empty }: Props) {
  const [search, setSearch] = useState("");
  const [category, setCategory] = useState("");
  const query = useDeferredValue(search.trim());
  const list = useCatalogue(shop, { ...only, query, category });
  const categories = useCategories(shop, false).data?.categories ?? [];
  const rows = list.data?.pages.flatMap((page) => page.products) ?? [];
  const total = list.data?.pages[0]?.total_count ?? rows.length;
  const free = rows.filter((one) => !held.has(one.product_id));
  const narrowed = query !== "" || category !== "";
  const set = (keys: Selection) => {
    const known = new Map([...chosen, ...rows.map((one) => [one.product_id, one] as const)]);
    const wanted = keys === "all" ? [...chosen.keys(), ...free.map((one) => one.product_id)] : [...keys].map(String);
    onChange(new Map(wanted.flatMap((id) => (known.has(id) ? [[id, known.get(id)!] as const] : []))));
  };
  return (
    <div className="pick">
      <div className="pick-tools">
        <SearchField label={t("bag.search-catalogue")} value={search} onChange={setSearch} />
        {categories.length > 1 && (
          <Select
            label={t("products.category")}
            hideLabel
            value={category || ANY}
            choices={[
              { id: ANY, text: t("products.category-all") },
              ...categories.map((one) => ({ id: one.category, text: t("products.category-count", { name: one.category, n: one.products }) })),
            ]}
            onChange={(id) => setCategory(id === ANY ? "" : id)}
          />
        )}
      </div>
      {list.isPending && <Skeleton lines={6} />}
      {list.error && <ProblemNote error={list.error} retry={() => void list.refetch()} />}
      {list.isSuccess && rows.length === 0 && (narrowed ? <EmptyState title={t("bag.catalogue-none")} /> : empty)}
      {rows.length > 0 && (
        <div className="pick-list">
          <ListBox
            aria-label={t("bag.products")}
            items={rows}
            dependencies={[held, heldText]}
            selectionMode="multiple"
            escapeKeyBehavior="none"
            selectedKeys={chosen.keys()}
            disabledKeys={rows.map((one) => one.product_id).filter((id) => held.has(id))}
            onSelectionChange={set}
          >
            {(one) => (
              <ListBoxItem id={one.product_id} textValue={one.title} className="pick-row">
                <Row product={one} note={held.has(one.product_id) ? heldText : ""} />
              </ListBoxItem>
            )}
          </ListBox>
          {list.hasNextPage && (
            <LoadMore isLoading={list.isFetchingNextPage} onMore={() => list.fetchNextPage()} shown={t("products.shown", { n: rows.length, all: total })} />
          )}
        </div>
      )}
      {free.length > 1 && (
        <p className="pick-all">
          <Button small kind="quiet" onPress={() => set("all")}>{t("pick.all", { n: free.length })}</Button>
          {chosen.size > 0 && <Button small kind="quiet" onPress={() => onChange(NONE)}>{t("products.unselect")}</Button>}
        </p>
      )}
    </div>
  );
}

/** The mark of what is chosen, drawn as a checkbox is. */
export const Mark = () => <span className="checkbox-box" aria-hidden="true"><Check size={12} strokeWidth={3.5} /></span>;

function Row({ product, note }: { product: Product; note: string }) {
  const { label, stock } = product;
  return (
    <>
      <Mark />
      <Thumbnail name={product.title} src={pictureOf(product)} />
      <span className="pick-words">
        <span className="pick-title" title={product.title}>{product.title}</span>
        <span className="pick-facts">
          <span>{product.reference}</span>
          {label && label !== "unspecified" && <Badge tone="info">{named("label", label)}</Badge>}
          {note && <Badge>{note}</Badge>}
        </span>
      </span>
      <span className="pick-end">
        <span className="tabular">{amount(product.price)}</span>
        {stock !== undefined && stock !== null && (
          <span className={stock === 0 ? "pick-out" : "muted"}>{stock === 0 ? t("bag.sold-out") : t("bag.stock", { n: count(stock) })}</span>
        )}
      </span>
    </>
  );
}
