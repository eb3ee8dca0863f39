import { ListBox, ListBoxItem } from "react-aria-components";
import { pictureOf, useProductsById, useSets } from "../../../api/products";
import type { Product, ProductSet } from "../../../api/types";
import { t } from "../../../i18n";
import { EmptyState } from "../../../ui/EmptyState";
import { Link } from "../../../ui/Link";
import { ProblemNote } from "../../../ui/Notes";
import { Skeleton } from "../../../ui/Skeleton";
import { Thumbnail } from "../../../ui/Thumbnail";
import { Mark } from "./ProductChooser";

interface Props {
  shop: string;
  held: ReadonlySet<string>;
  chosen: readonly ProductSet[];
  onChange: (sets: ProductSet[]) => void;
}

const SHOWN = 4; // pictures of a set
const SETS = 50; // whose pictures are asked for: a list takes 200 ids

/** The ids of the pictures that stand for sets. */
export const faces = (sets: readonly ProductSet[]) => sets.slice(0, SETS).flatMap((set) => set.product_ids.slice(0, SHOWN));

/** Whole sets to choose from. */
export function SetChooser({ shop, held, chosen, onChange }: Props) {
  const list = useSets(shop);
  const sets = list.data ?? [];
  const known = useProductsById(shop, faces(sets)).data;
  if (list.isPending) return <Skeleton lines={4} />;
  if (list.error) return <ProblemNote error={list.error} retry={() => void list.refetch()} />;
  if (sets.length === 0) {
    return (
      <EmptyState title={t("bag.sets-none")}>
        <p className="small">{t("pick.sets-how")}</p>
        <Link to="/products/sets" search={{}} look="button" small>{t("pick.sets-go")}</Link>
      </EmptyState>
    );
  }
  const left = (set: ProductSet) => set.product_ids.filter((id) => !held.has(id)).length;
  return (
    <div className="pick-list">
      <ListBox
        aria-label={t("bag.sets")}
        items={sets}
        dependencies={[held, known]}
        selectionMode="multiple"
        escapeKeyBehavior="none"
        selectedKeys={chosen.map((set) => set.product_set_id)}
        disabledKeys={sets.filter((set) => left(set) === 0).map((set) => set.product_set_id)}
        onSelectionChange={(keys) => onChange(sets.filter((set) => (keys === "all" ? left(set) > 0 : keys.has(set.product_set_id))))}
      >
        {(set) => (
          <ListBoxItem id={set.product_set_id} textValue={set.name} className="pick-row">
            <Mark />
            <Strip set={set} known={known} />
            <span className="pick-words">
              <span className="pick-title" title={set.name}>{set.name}</span>
              <span className="pick-facts">
                <span>{t("bag.set-size", { n: set.product_ids.length })}</span>
                {left(set) < set.product_ids.length && <span>{t("pick.set-held", { n: set.product_ids.length - left(set) })}</span>}
              </span>
            </span>
          </ListBoxItem>
        )}
      </ListBox>
    </div>
  );
}

/** The first pictures of a set, one over the other. */
export function Strip({ set, known }: { set: ProductSet; known: ReadonlyMap<string, Product> | undefined }) {
  return (
    <span className="pick-strip" aria-hidden="true">
      {set.product_ids.slice(0, SHOWN).map((id) => {
        const one = known?.get(id);
        return <Thumbnail key={id} name={one?.title ?? ""} src={one && pictureOf(one)} />;
      })}
    </span>
  );
}
