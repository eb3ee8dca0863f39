import { useSearch } from "@tanstack/react-router";
import FileSpreadsheet from "lucide-react/icons/file-spreadsheet";
import Plus from "lucide-react/icons/plus";
import { useDeferredValue, useState } from "react";
import { useCatalogue, useCategories } from "../../api/products";
import type { Product } from "../../api/types";
import { t } from "../../i18n";
import { useTitle } from "../../lib/title";
import { Button } from "../../ui/Button";
import { EmptyState } from "../../ui/EmptyState";
import { Link } from "../../ui/Link";
import { LoadMore } from "../../ui/LoadMore";
import { ProblemNote } from "../../ui/Notes";
import { PageHeader } from "../../ui/PageHeader";
import { OnePlace } from "../../app/OnePlace";
import { Shell } from "../../app/Shell";
import { Skeleton } from "../../ui/Skeleton";
import type { Sort } from "../../ui/Table";
import { AddToSet } from "./AddToSet";
import { ALL, type Filter, Filters, isFiltered, queryOf } from "./Filters";
import { FirstProducts } from "./FirstProducts";
import { NoShop } from "./NoShop";
import { ProductSheet } from "./ProductSheet";
import { ProductTable } from "./ProductTable";
import { SelectionBar } from "./SelectionBar";
import { useChanges } from "./useChanges";
import { useSaving } from "./useSaving";
import { type Shop, useShop } from "./useShop";
import "./products.css";
import "../../words/products";

const NEWEST: Sort = { column: "create_time", down: true };
const NONE: ReadonlySet<string> = new Set();

/** The products of the shop that one works for. */
export function Catalogue() {
  useTitle(t("nav.catalogue"));
  const shop = useShop();
  const { q = "" } = useSearch({ from: "/products" });
  return (
    <Shell>
      {shop === undefined && <Skeleton lines={8} />}
      {shop === null && <NoShop />}
      {shop && <OnePlace work="shop" place={`shop:${shop.id}`} />}
      {/* Another shop is another page: nothing of the former one stays open. */}
      {shop && <List key={`${shop.id} ${q}`} shop={shop} search={q} />}
    </Shell>
  );
}

function List({ shop, search }: { shop: Shop; search: string }) {
  const [filter, setFilter] = useState<Filter>({ ...ALL, search });
  const [sort, setSort] = useState(NEWEST);
  const [selected, setSelected] = useState(NONE);
  const [open, setOpen] = useState<Product | "new" | null>(null);
  const [toSet, setToSet] = useState<readonly Product[]>([]);
  const changes = useChanges(shop.id);
  const saving = useSaving(changes);
  const query = useDeferredValue(filter);
  const list = useCatalogue(shop.id, { ...queryOf(query), order: sort.column, descending: sort.down });
  const rows = list.data?.pages.flatMap((page) => page.products) ?? [];
  const total = list.data?.pages[0]?.total_count ?? rows.length;
  const chosen = rows.filter((one) => selected.has(one.product_id));
  const counts = useCategories(shop.id, filter.archived).data;
  const narrow = (next: Filter) => {
    setFilter(next);
    setSelected(NONE);
  };
  const done = async (work: Promise<void>) => {
    await work;
    setSelected(NONE);
  };
  const isEmpty = list.isSuccess && !list.isPlaceholderData && total === 0;
  const isFirst = isEmpty && !isFiltered(query) && !query.archived;
  const add = () => setOpen("new");

  return (
    <>
      <PageHeader
        title={t("nav.catalogue")}
        facts={list.isSuccess && !isFirst && <p className="muted small" role="status">{t("products.count", { n: total })}</p>}
        actions={
          shop.runs && !isFirst && (
            <>
              <Link to="/products/import" search={{}} look="button"><FileSpreadsheet size={16} aria-hidden />{t("products.import")}</Link>
              <Button kind="primary" icon={<Plus size={16} aria-hidden />} onPress={add}>{t("products.add")}</Button>
            </>
          )
        }
      />
      {isFirst ? <FirstProducts shop={shop} onAdd={add} /> : <Filters filter={filter} counts={counts} onChange={narrow} />}
      {list.error && <ProblemNote error={list.error} retry={() => void list.refetch()} />}
      {isEmpty && !isFirst && (
        <EmptyState title={t(isFiltered(query) ? "products.none-found" : "products.none-archived")}>
          {isFiltered(query) && <Button small onPress={() => narrow({ ...ALL, archived: filter.archived })}>{t("products.clear")}</Button>}
        </EmptyState>
      )}
      {(list.isPending || rows.length > 0) && (
        <ProductTable
          products={rows}
          loading={list.isPending}
          archived={query.archived}
          mayEdit={shop.runs}
          saving={saving}
          sort={sort}
          onSort={setSort}
          selected={selected}
          onSelect={setSelected}
          onOpen={setOpen}
          onArchive={(one) => changes.archive([one])}
          onRestore={(one) => changes.restore([one])}
          onAddToSet={(one) => setToSet([one])}
        />
      )}
      <SelectionBar
        chosen={chosen}
        archived={query.archived}
        onArchive={() => done(changes.archive(chosen))}
        onRestore={() => done(changes.restore(chosen))}
        onAddToSet={() => setToSet(chosen)}
        onClear={() => setSelected(NONE)}
      />
      {list.hasNextPage && (
        <LoadMore
          isLoading={list.isFetchingNextPage}
          onMore={() => list.fetchNextPage()}
          shown={t("products.shown", { n: rows.length, all: total })}
        />
      )}
      {open && (
        <ProductSheet shop={shop} product={open === "new" ? null : open} saving={saving} changes={changes} onClose={() => setOpen(null)} />
      )}
      {toSet.length > 0 && (
        <AddToSet
          shop={shop.id}
          products={toSet}
          onClose={() => setToSet([])}
          onDone={() => {
            setToSet([]);
            setSelected(NONE);
          }}
        />
      )}
      {saving.dialog}
    </>
  );
}
