import Plus from "lucide-react/icons/plus";
import Refresh from "lucide-react/icons/refresh-cw";
import { useState } from "react";
import { GridList, useDragAndDrop } from "react-aria-components";
import { bag } from "../../api/calls";
import { useBag, useBoard } from "../../api/queries";
import type { BagItem, Session } from "../../api/types";
import { t } from "../../i18n";
import { useWanted } from "../../lib/later";
import { Button } from "../../ui/Button";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import { IconButton } from "../../ui/IconButton";
import { SearchField } from "../../ui/SearchField";
import { over } from "../../ui/over";
import { ProblemNote } from "../../ui/Notes";
import { EmptyState } from "../../ui/EmptyState";
import { Skeleton } from "../../ui/Skeleton";
import type { PickerProps } from "../products/Picker";
import { BAG_MOST } from "../products/rules";
import { cuesOf } from "./cues";
import { ProductCard } from "./ProductCue";
import { useCommand } from "./useCommand";
import { near, type Place, useMove } from "./useMove";

const Picker = over<PickerProps>(() => import("../products/Picker").then((file) => file.Picker));

/** What is shown in which order. Today its cues are products. */
export function RunOfShow({ session }: { session: Session }) {
  const id = session.session_id;
  const [search, setSearch] = useState("");
  const [adding, setAdding] = useState(false);
  const wanted = useWanted(adding, Picker);
  const list = useBag(id, search.trim());
  const board = useBoard(id).data;
  const items = list.data?.items ?? [];
  const cues = cuesOf(items, board);
  const editable = session.state !== "ended";
  const move = useMove(id);
  const [leaving, setLeaving] = useState<BagItem | null>(null);
  const remove = useCommand<BagItem>(id, {
    what: ({ product: { title } }) => t("bag.remove", { title }),
    send: ({ product }, how) => bag.remove(id, product.product_id, how),
    done: () => setLeaving(null),
  });
  // On air a slip of the hand is seen by everyone.
  const onRemove = (item: BagItem) => (session.state === "live" ? setLeaving(item) : remove.mutate(item));
  const put = (product: string, place: Place) => {
    const title = items.find((item) => item.product.product_id === product)?.product.title ?? "";
    if (list.data) move.mutate({ product, title, place, seen: search.trim() ? null : list.data });
  };
  const { dragAndDropHooks } = useDragAndDrop({
    getItems: (dragged) => [...dragged].map((key) => ({ "text/plain": String(key) })),
    // A search shows only part of the order, so there is nothing to drop between.
    isDisabled: !editable || search.trim() !== "",
    onReorder: ({ keys, target }) => put(String([...keys][0]), near(String([...keys][0]), String(target.key), target.dropPosition === "after")),
  });
  const size = session.bag_size ?? items.length;

  return (
    <div className="show">
      <div className="show-tools">
        <SearchField label={t("bag.search")} value={search} onChange={setSearch} />
        <IconButton
          small
          label={t("action.refresh")}
          icon={<Refresh aria-hidden />}
          onPress={() => void list.refetch()}
          isPending={list.isFetching && !list.isPending}
        />
        {editable && (
          <Button small kind="primary" icon={<Plus aria-hidden />} onPress={() => setAdding(true)} isDisabled={size >= BAG_MOST}>
            {t("bag.add")}
          </Button>
        )}
      </div>
      {editable && size >= BAG_MOST && <p className="show-tip">{t("bag.full", { most: BAG_MOST })}</p>}
      {list.isPending && <Skeleton lines={6} />}
      {list.error && <ProblemNote error={list.error} retry={() => void list.refetch()} />}
      {list.data && (
        <GridList
          aria-label={t("bag")}
          className="show-list"
          items={cues}
          dependencies={[session, cues, remove.isPending]}
          dragAndDropHooks={dragAndDropHooks}
          keyboardNavigationBehavior="tab"
          renderEmptyState={() =>
            search ? <EmptyState title={t("bag.none-found")} /> : <NothingToShow editable={editable} onAdd={() => setAdding(true)} />
          }
        >
          {(cue) => (
            <ProductCard
              id={cue.id}
              cue={cue}
              session={session}
              size={size}
              onMove={(place) => put(cue.id, place)}
              onRemove={() => onRemove(cue.item)}
              isLeaving={remove.isPending && remove.variables.product.product_id === cue.id}
            />
          )}
        </GridList>
      )}
      {editable && list.data && search.trim() === "" && items.length <= 1 && <p className="show-tip">{t("bag.tip")}</p>}
      <ConfirmDialog
        title={t("bag.remove", { title: leaving?.product.title ?? "" })}
        text={t("bag.remove-confirm")}
        action={t("action.remove")}
        isOpen={leaving !== null}
        busy={remove.isPending}
        onClose={() => setLeaving(null)}
        onConfirm={() => leaving && remove.mutate(leaving)}
      />
      {editable && wanted && adding && <Picker session={session} isOpen onClose={() => setAdding(false)} />}
    </div>
  );
}

function NothingToShow({ editable, onAdd }: { editable: boolean; onAdd: () => void }) {
  if (!editable) return <EmptyState title={t("bag.none-ended")} />;
  return (
    <EmptyState title={t("bag.none")}>
      <p className="small">{t("bag.none-how")}</p>
      <Button small icon={<Plus aria-hidden />} onPress={onAdd}>{t("bag.choose")}</Button>
    </EmptyState>
  );
}
