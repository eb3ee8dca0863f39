import { useState } from "react";
import { GridList, useDragAndDrop } from "react-aria-components";
import { bag } from "../../api/calls";
import { useBag } from "../../api/queries";
import type { BagItem, Session } from "../../api/types";
import { t } from "../../i18n";
import { Button } from "../../ui/Button";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import { SearchField } from "../../ui/SearchField";
import { EmptyState } from "../../ui/EmptyState";
import { ProblemNote } from "../../ui/Notes";
import { Skeleton } from "../../ui/Skeleton";
import { AddProducts } from "./AddProducts";
import { BagRow } from "./BagRow";
import { useChange } from "./useChange";
import { near, type Place, useMove } from "./useMove";

export const MOST_PRODUCTS = 100;

export function Bag({ session }: { session: Session }) {
  const id = session.session_id;
  const [search, setSearch] = useState("");
  const [adding, setAdding] = useState(false);
  const list = useBag(id, search.trim());
  const items = list.data?.items ?? [];
  const editable = session.state !== "ended";
  const move = useMove(id);
  const [leaving, setLeaving] = useState<BagItem | null>(null);
  const remove = useChange(id, (product: string) => bag.remove(id, product), () => setLeaving(null));
  // On air a slip of the hand is seen by everyone.
  const onRemove = (item: BagItem) => (session.state === "live" ? setLeaving(item) : remove.mutate(item.product.product_id));
  const put = (product: string, place: Place) => list.data && move.mutate({ product, place, seen: search.trim() ? null : list.data });
  const { dragAndDropHooks } = useDragAndDrop({
    getItems: (dragged) => [...dragged].map((key) => ({ "text/plain": String(key) })),
    // A search shows only part of the order, so there is nothing to drop between.
    isDisabled: !editable || search.trim() !== "",
    onReorder: ({ keys, target }) => {
      const product = String([...keys][0]);
      put(product, near(product, String(target.key), target.dropPosition === "after"));
    },
  });
  const size = session.bag_size ?? items.length;

  return (
    <div className="bag">
      <div className="bag-tools">
        <SearchField label={t("bag.search")} value={search} onChange={setSearch} />
        <Button
          kind="quiet"
          small
          aria-label={t("action.refresh")}
          onPress={() => void list.refetch()}
          isPending={list.isFetching && !list.isPending}
        >
          <span aria-hidden="true" className="icon icon-refresh" />
        </Button>
        {editable && (
          <Button small kind="primary" onPress={() => setAdding(true)} isDisabled={size >= MOST_PRODUCTS}>
            {t("bag.add")}
          </Button>
        )}
      </div>
      {editable && size >= MOST_PRODUCTS && <p className="bag-tip">{t("bag.full", { most: MOST_PRODUCTS })}</p>}
      {list.isPending && <Skeleton />}
      {list.error && <ProblemNote error={list.error} retry={() => void list.refetch()} />}
      {list.data && (
        <GridList
          aria-label={t("bag")}
          className="bag-list"
          items={items}
          dependencies={[session, items, remove.isPending]}
          dragAndDropHooks={dragAndDropHooks}
          keyboardNavigationBehavior="tab"
          renderEmptyState={() =>
            search ? <EmptyState title={t("bag.none-found")} /> : <EmptyState title={t(editable ? "bag.none" : "bag.none-ended")} />
          }
        >
          {(item) => (
            <BagRow
              id={item.product.product_id}
              item={item}
              session={session}
              size={size}
              onMove={(place) => put(item.product.product_id, place)}
              onRemove={() => onRemove(item)}
              isLeaving={remove.isPending && remove.variables === item.product.product_id}
            />
          )}
        </GridList>
      )}
      {editable && list.data && search.trim() === "" && items.length <= 1 && <p className="bag-tip">{t("bag.tip")}</p>}
      <ConfirmDialog
        title={t("bag.remove", { title: leaving?.product.title ?? "" })}
        text={t("bag.remove-confirm")}
        action={t("action.remove")}
        isOpen={leaving !== null}
        busy={remove.isPending}
        onClose={() => setLeaving(null)}
        onConfirm={() => leaving && remove.mutate(leaving.product.product_id)}
      />
      {editable && <AddProducts session={session} isOpen={adding} onClose={() => setAdding(false)} />}
    </div>
  );
}
