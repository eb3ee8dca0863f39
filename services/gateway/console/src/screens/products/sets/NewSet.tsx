import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { Intention } from "../../../api/intention";
import { productSets } from "../../../api/products";
import { t } from "../../../i18n";
import { taken, trimmed } from "../../../lib/text";
import { Button } from "../../../ui/Button";
import { Dialog } from "../../../ui/Dialog";
import { EmptyState } from "../../../ui/EmptyState";
import { Link } from "../../../ui/Link";
import { problemText } from "../../../ui/Notes";
import { notify, TOLD_IN_PLACE } from "../../../ui/notices";
import { TextField } from "../../../ui/TextField";
import { NONE, ProductChooser } from "../picking/ProductChooser";
import { SET_MOST, SET_NAME } from "../rules";
import type { Shop } from "../useShop";
import { setsKey } from "./useSetChange";

const NOBODY: ReadonlySet<string> = new Set();

export interface NewSetProps {
  shop: Shop;
  isOpen: boolean;
  onClose: () => void;
}

/** A set with its name and its first products. */
export function NewSet({ shop, isOpen, onClose }: NewSetProps) {
  const [name, setName] = useState("");
  const [chosen, setChosen] = useState(NONE);
  const [intention] = useState(() => new Intention());
  const navigate = useNavigate();
  const cache = useQueryClient();
  const ids = [...chosen.keys()];
  const over = ids.length - SET_MOST;
  const create = useMutation({
    mutationFn: () => intention.send([name, ids], (key) => productSets.create(shop.id, trimmed(name), ids, key)),
    meta: TOLD_IN_PLACE,
    onSuccess: async ({ product_set }) => {
      notify(t("sets.created", { name: product_set.name }));
      await cache.invalidateQueries({ queryKey: setsKey(shop.id) });
      onClose();
      await navigate({ to: "/products/sets", search: { id: product_set.product_set_id } });
    },
  });
  const ready = ids.length > 0 && over <= 0 && taken(name, SET_NAME);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (ready) create.mutate();
  };
  return (
    <Dialog title={t("sets.new")} isOpen={isOpen} onClose={onClose} wide>
      <form className="stack" onSubmit={submit}>
        <TextField label={t("sets.name")} isRequired autoFocus rule={SET_NAME} value={name} onChange={setName} />
        <ProductChooser
          shop={shop.id}
          held={NOBODY}
          heldText=""
          chosen={chosen}
          onChange={setChosen}
          empty={
            <EmptyState title={t("sets.no-products")}>
              <Link to="/products" look="button-primary" small>{t("pick.catalogue-go")}</Link>
            </EmptyState>
          }
        />
        {create.error && <p className="form-problem" role="alert">{problemText(create.error)}</p>}
        <footer className="dialog-foot pick-foot">
          <p className="pick-count" role="status">{over > 0 && <span className="pick-over">{t("sets.full", { n: over, most: SET_MOST })}</span>}</p>
          <Button onPress={onClose}>{t("action.cancel")}</Button>
          <Button kind="primary" type="submit" isDisabled={!ready} isPending={create.isPending}>
            {ids.length > 0 ? t("sets.create-with", { n: ids.length }) : t("sets.create")}
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}
