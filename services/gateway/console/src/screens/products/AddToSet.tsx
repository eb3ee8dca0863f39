import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { Intention } from "../../api/intention";
import { productSets, useSets } from "../../api/products";
import type { Product } from "../../api/types";
import { t } from "../../i18n";
import { taken, trimmed } from "../../lib/text";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { ProblemNote, problemText } from "../../ui/Notes";
import { notify, TOLD_IN_PLACE } from "../../ui/notices";
import { Select } from "../../ui/Select";
import { Skeleton } from "../../ui/Skeleton";
import { TextField } from "../../ui/TextField";
import { SET_MOST, SET_NAME } from "./rules";

interface Props {
  shop: string;
  products: readonly Product[];
  onClose: () => void;
  onDone: () => void;
}

const NEW = "new";

/** Puts products at the end of a set, or makes one of them. */
export function AddToSet({ shop, products, onClose, onDone }: Props) {
  const list = useSets(shop);
  const sets = list.data ?? [];
  const [chosen, setChosen] = useState("");
  const [name, setName] = useState("");
  const [intention] = useState(() => new Intention());
  const id = chosen || sets[0]?.product_set_id || NEW;
  const set = sets.find((one) => one.product_set_id === id);
  const held = set?.product_ids ?? [];
  const product_ids = [...held, ...products.map((one) => one.product_id).filter((one) => !held.includes(one))];
  const full = product_ids.length > SET_MOST;
  const add = useMutation({
    mutationFn: () =>
      set
        ? productSets.save(shop, { ...set, product_ids })
        : intention.send([name, product_ids], (key) => productSets.create(shop, trimmed(name), product_ids, key)),
    meta: TOLD_IN_PLACE,
    onSuccess: ({ product_set }) => {
      void list.refetch();
      notify(t("products.to-set-done", { name: product_set.name, n: product_set.product_ids.length }));
      onDone();
    },
  });
  const ready = !full && (set !== undefined || taken(name, SET_NAME));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (ready) add.mutate();
  };
  return (
    <Dialog title={t("products.to-set")} isOpen onClose={onClose}>
      {list.isPending && <Skeleton lines={2} />}
      {list.error && <ProblemNote error={list.error} retry={() => void list.refetch()} />}
      {list.data && (
        <form className="stack" onSubmit={submit}>
          {add.error && <p className="form-problem" role="alert">{problemText(add.error)}</p>}
          {sets.length > 0 && (
            <Select
              label={t("products.to-set-which")}
              value={id}
              choices={[...sets.map((one) => ({ id: one.product_set_id, text: one.name })), { id: NEW, text: t("products.to-set-new") }]}
              onChange={setChosen}
              problem={full ? t("products.to-set-full", { most: SET_MOST, name: set?.name ?? "", n: held.length }) : undefined}
            />
          )}
          {id === NEW && <TextField label={t("products.to-set-name")} isRequired autoFocus rule={SET_NAME} value={name} onChange={setName} />}
          <footer className="dialog-foot">
            <Button onPress={onClose}>{t("action.cancel")}</Button>
            <Button kind="primary" type="submit" isDisabled={!ready} isPending={add.isPending}>{t("products.create")}</Button>
          </footer>
        </form>
      )}
    </Dialog>
  );
}
