import { useState } from "react";
import type { ProductSet } from "../../../api/types";
import { t } from "../../../i18n";
import { Button } from "../../../ui/Button";
import { Dialog } from "../../../ui/Dialog";
import { EmptyState } from "../../../ui/EmptyState";
import { NONE, ProductChooser } from "../picking/ProductChooser";
import { SET_MOST } from "../rules";
import type { Shop } from "../useShop";

export interface AddProductsProps {
  shop: Shop;
  set: ProductSet;
  isOpen: boolean;
  onClose: () => void;
  onAdd: (ids: readonly string[]) => void;
}

/** Puts more products at the end of a set. */
export function AddProducts({ shop, set, isOpen, onClose, onAdd }: AddProductsProps) {
  const [chosen, setChosen] = useState(NONE);
  const size = set.product_ids.length;
  const over = size + chosen.size - SET_MOST;
  const add = () => {
    onAdd([...chosen.keys()]);
    onClose();
  };
  return (
    <Dialog title={t("bag.add")} isOpen={isOpen} onClose={onClose} wide>
      <ProductChooser
        shop={shop.id}
        held={new Set(set.product_ids)}
        heldText={t("sets.held")}
        chosen={chosen}
        onChange={setChosen}
        empty={<EmptyState title={t("sets.no-products")} />}
      />
      <footer className="dialog-foot pick-foot">
        <p className="pick-count" role="status">
          <span>{t("sets.size", { n: size, most: SET_MOST })}</span>
          {over > 0 && <span className="pick-over">{t("sets.full", { n: over, most: SET_MOST })}</span>}
        </p>
        <Button onPress={onClose}>{t("action.cancel")}</Button>
        <Button kind="primary" isDisabled={chosen.size === 0 || over > 0} onPress={add}>
          {chosen.size === 0 ? t("bag.add-none") : t("bag.add-chosen", { n: chosen.size })}
        </Button>
      </footer>
    </Dialog>
  );
}
