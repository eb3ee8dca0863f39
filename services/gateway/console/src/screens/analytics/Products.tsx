import { useInfiniteQuery } from "@tanstack/react-query";
import Package from "lucide-react/icons/package";
import { useDeferredValue, useState } from "react";
import { call } from "../../api/client";
import type { Product } from "../../api/types";
import { named, t } from "../../i18n";
import { amount, count, DASH } from "../../lib/format";
import { useTitle } from "../../lib/title";
import { Badge } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { Dense } from "../../ui/Dense";
import { EmptyState } from "../../ui/EmptyState";
import { LoadMore } from "../../ui/LoadMore";
import { ProblemNote } from "../../ui/Notes";
import { PageHeader } from "../../ui/PageHeader";
import { SearchField } from "../../ui/SearchField";
import { Select } from "../../ui/Select";
import { useScope } from "../../app/scope";
import { Shell } from "../../app/Shell";
import { Skeleton } from "../../ui/Skeleton";
import { type Column, type Sort, Table } from "../../ui/Table";
import { Thumbnail } from "../../ui/Thumbnail";
import "../../words/analytics";
import "../../words/bag";
import "../../words/board";
import "../../words/home";
import "../../words/plan";
import "../../words/sessions";

type Sold = Product & { units_sold?: number; stock?: number | null };

interface Page {
  products: Sold[];
  next_page_token?: string;
}

/** What a shop sold in all its LIVEs, product by product, the best first. */
export function Products() {
  useTitle(t("analytics.products"));
  const { shops, isPending } = useScope();
  const [chosen, setChosen] = useState("");
  const [text, setText] = useState("");
  const [sort, setSort] = useState<Sort>({ column: "units_sold", down: true });
  const query = useDeferredValue(text.trim());
  const shop = (shops.find((one) => one.shop_id === chosen) ?? shops[0])?.shop_id ?? "";
  const list = useInfiniteQuery({
    queryKey: ["shop", shop, "sold", query, sort],
    queryFn: ({ pageParam }) =>
      call<Page>("GET", `/shops/${encodeURIComponent(shop)}/products`, {
        query: { query, order: sort.column, descending: sort.down, page_size: 50, page_token: pageParam },
      }),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_page_token || undefined,
    enabled: shop !== "",
  });
  const rows = list.data?.pages.flatMap((page) => page.products) ?? [];
  return (
    <Shell narrowed>
      <PageHeader title={t("analytics.products")} facts={<p className="muted small">{t("analytics.products-hint")}</p>} />
      <div className="toolbar" role="search">
        <SearchField label={t("bag.search-catalogue")} value={text} onChange={setText} />
        {shops.length > 1 && (
          <Select label={t("plan.shop")} hideLabel value={shop} onChange={setChosen} choices={shops.map((one) => ({ id: one.shop_id, text: one.name }))} />
        )}
      </div>
      {!isPending && shops.length === 0 && <EmptyState title={t("analytics.no-shop")} />}
      {list.isLoading && <Skeleton lines={8} />}
      {list.error && <ProblemNote error={list.error} retry={() => void list.refetch()} />}
      {list.data && rows.length === 0 && (
        <EmptyState icon={<Package aria-hidden />} title={query ? t("bag.catalogue-none") : t("bag.catalogue-empty")}>
          {query && <Button onPress={() => setText("")}>{t("sessions.clear")}</Button>}
        </EmptyState>
      )}
      {rows.length > 0 && (
        <Dense>
          <Table label={t("analytics.products")} columns={columns()} rows={rows} keyOf={(one) => one.product_id} sort={sort} onSort={setSort} />
        </Dense>
      )}
      {list.hasNextPage && <LoadMore isLoading={list.isFetchingNextPage} onMore={() => void list.fetchNextPage()} />}
    </Shell>
  );
}

const columns = (): Column<Sold>[] => [
  {
    id: "title", head: t("products.product"), isRowHeader: true, sortable: true,
    cell: (one) => <span className="live-name"><Thumbnail name={one.title} size="small" /> <span title={one.title}>{one.title}</span></span>,
  },
  { id: "category", head: t("analytics.category"), cell: (one) => <span className="muted">{one.category}</span> },
  {
    id: "label", head: t("analytics.label"),
    cell: (one) => one.label && one.label !== "unspecified" && <Badge tone="info">{named("label", one.label)}</Badge>,
  },
  { id: "price", head: t("analytics.price"), number: true, sortable: true, cell: (one) => amount(one.price) },
  { id: "stock", head: t("analytics.stock"), number: true, sortable: true, cell: (one) => (one.stock == null ? DASH : count(one.stock)) },
  { id: "units_sold", head: t("home.units_sold"), number: true, sortable: true, cell: (one) => count(one.units_sold ?? 0) },
];
