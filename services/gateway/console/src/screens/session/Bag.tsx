import { useState } from "react";
import { GridList, useDragAndDrop } from "react-aria-components";
import { bag } from "../../api/calls";
import { useBag } from "../../api/queries";
import type { BagItem, Session } from "../../api/types";
import { t } from "../../i18n";
import { Button } from "../../ui/Button";
import { SearchField } from "../../ui/Fields";
import { EmptyNote, Loading, ProblemNote } from "../../ui/Notes";
import { AddProducts } from "./AddProducts";
import { BagRow } from "./BagRow";
import { useChange } from "./useChange";

export const MOST_PRODUCTS = 100;

/** The order number that a product gets when it is dropped before or after another one. */
export function dropNumber(items: readonly BagItem[], moved: string, target: string, after: boolean): number {
  const order = items.map((item) => item.product.product_id).filter((id) => id !== moved);
  return order.indexOf(target) + (after ? 2 : 1);
}

export function Bag({ session }: { session: Session }) {
  const id = session.session_id;
  const [search, setSearch] = useState("");
  const [adding, setAdding] = useState(false);
  const list = useBag(id, search.trim());
  const items = list.data?.items ?? [];
  const editable = session.state !== "ended";
  const move = useChange(id, ({ product, number }: { product: string; number: number }) =>
    bag.move(id, product, number, list.data?.version),
  );
  const { dragAndDropHooks } = useDragAndDrop({
    getItems: (dragged) => [...dragged].map((key) => ({ "text/plain": String(key) })),
    // A search shows only part of the order, so there is nothing to drop between.
    isDisabled: !editable || search.trim() !== "",
    onReorder: ({ keys, target }) => {
      const product = String([...keys][0]);
      const number = dropNumber(items, product, String(target.key), target.dropPosition === "after");
      move.mutate({ product, number });
    },
  });

  return (
    <section className="panel bag" aria-labelledby="bag-title">
      <header className="panel-head">
        <h2 id="bag-title">
          {t("bag")} <span className="muted">{t("bag.size", { n: session.bag_size ?? items.length, most: MOST_PRODUCTS })}</span>
        </h2>
        <div className="row">
          <Button small onPress={() => void list.refetch()} isPending={list.isFetching && !list.isPending}>
            {t("action.refresh")}
          </Button>
          {editable && (
            <Button small kind="primary" onPress={() => setAdding(true)}>
              {t("bag.add")}
            </Button>
          )}
        </div>
      </header>
      <SearchField label={t("bag.search")} value={search} onChange={setSearch} />
      {list.isPending && <Loading />}
      {list.error && <ProblemNote error={list.error} retry={() => void list.refetch()} />}
      {list.data && (
        <GridList
          aria-labelledby="bag-title"
          className="bag-list"
          items={items}
          dependencies={[session, items]}
          dragAndDropHooks={dragAndDropHooks}
          keyboardNavigationBehavior="tab"
          renderEmptyState={() => (
            <EmptyNote title={search ? t("bag.none-found") : t("bag.none")} />
          )}
        >
          {(item) => (
            <BagRow
              id={item.product.product_id}
              item={item}
              session={session}
              size={session.bag_size ?? items.length}
              version={list.data?.version}
              onMove={(number) => move.mutate({ product: item.product.product_id, number })}
            />
          )}
        </GridList>
      )}
      {editable && list.data && search.trim() === "" && items.length <= 1 && <p className="bag-tip">{t("bag.tip")}</p>}
      {editable && <AddProducts session={session} isOpen={adding} onClose={() => setAdding(false)} />}
    </section>
  );
}
