import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useCatalogue } from "../../../api/products";
import { t } from "../../../i18n";
import { Button } from "../../../ui/Button";
import { Dialog } from "../../../ui/Dialog";
import { EmptyState } from "../../../ui/EmptyState";
import { NumberField } from "../../../ui/NumberField";
import { problemText } from "../../../ui/Notes";
import { notify, TOLD_IN_PLACE } from "../../../ui/notices";
import { NONE, ProductChooser } from "../picking/ProductChooser";
import { save } from "../saving";
import type { Shop } from "../useShop";
import { FULL } from "../values";
import { newInvite } from "./invites";

export interface InviteProps {
  shop: Shop;
  isOpen: boolean;
  onClose: () => void;
  onDone: () => Promise<unknown>;
}

/** Offers products to creators: each gets an invite of its own, and all of them the commission, when one is written. */
export function Invite({ shop, isOpen, onClose, onDone }: InviteProps) {
  const [chosen, setChosen] = useState(NONE);
  const [commission, setCommission] = useState<number | null>(null);
  const offered = useCatalogue(shop.id, { invited_only: true }).data?.pages.flatMap((page) => page.products) ?? [];
  const offer = useMutation({
    mutationFn: async () => {
      for (const product of chosen.values()) {
        const share = commission === null ? {} : { commission_bps: Math.round(commission * FULL) };
        await save(product, { collab_invite: newInvite(), ...share });
      }
    },
    meta: TOLD_IN_PLACE,
    onSuccess: () => {
      notify(t("collabs.invited-now", { n: chosen.size }));
      onClose();
    },
    onSettled: onDone,
  });
  return (
    <Dialog title={t("collabs.invite")} isOpen={isOpen} onClose={onClose} wide>
      <ProductChooser
        shop={shop.id}
        held={new Set(offered.map((one) => one.product_id))}
        heldText={t("collabs.offered-already")}
        chosen={chosen}
        onChange={setChosen}
        empty={<EmptyState title={t("sets.no-products")} />}
      />
      <NumberField
        label={t("products.commission")}
        hint={t("collabs.commission-hint")}
        plain
        minValue={0}
        maxValue={1}
        step={0.0001}
        formatOptions={{ style: "percent", maximumFractionDigits: 2 }}
        value={commission}
        onChange={setCommission}
      />
      {offer.error && <p className="form-problem" role="alert">{problemText(offer.error)}</p>}
      <footer className="dialog-foot">
        <Button onPress={onClose}>{t("action.cancel")}</Button>
        <Button kind="primary" isDisabled={chosen.size === 0} isPending={offer.isPending} onPress={() => offer.mutate()}>
          {chosen.size === 0 ? t("collabs.invite-none") : t("collabs.invite-chosen", { n: chosen.size })}
        </Button>
      </footer>
    </Dialog>
  );
}
