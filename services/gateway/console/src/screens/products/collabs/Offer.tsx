import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { collabs, type CollabSide } from "../../../api/settings";
import { t } from "../../../i18n";
import { Button } from "../../../ui/Button";
import { CopyField } from "../../../ui/CopyField";
import { Dialog } from "../../../ui/Dialog";
import { problemText } from "../../../ui/Notes";
import { notify, TOLD_IN_PLACE } from "../../../ui/notices";
import { TextField } from "../../../ui/TextField";
import { COLLABS } from "./Partners";

export interface OfferProps {
  side: CollabSide;
  id: string;
  isOpen: boolean;
  onClose: () => void;
}

const UUID = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/** Asks a creator, or a shop, to work together: by the id that they give, or by giving them one's own. */
export function Offer({ side, id, isOpen, onClose }: OfferProps) {
  const [other, setOther] = useState("");
  const cache = useQueryClient();
  const wanted = other.trim();
  const offer = useMutation({
    mutationFn: () => collabs.offer(side, id, wanted),
    meta: TOLD_IN_PLACE,
    onSuccess: async () => {
      notify(t("collabs.offered"));
      await cache.invalidateQueries({ queryKey: COLLABS });
      onClose();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (UUID.test(wanted)) offer.mutate();
  };
  return (
    <Dialog title={t(`collabs.offer-${side}`)} isOpen={isOpen} onClose={onClose}>
      <form className="stack" onSubmit={submit}>
        <TextField
          label={t(`collabs.id-${side}`)}
          hint={t("collabs.id-hint")}
          problem={wanted.length >= 36 && !UUID.test(wanted) ? t("collabs.id-wrong") : undefined}
          isRequired
          autoFocus
          value={other}
          onChange={setOther}
        />
        {offer.error && <p className="form-problem" role="alert">{problemText(offer.error)}</p>}
        <CopyField label={t("collabs.own-id")} text={id} />
        <footer className="dialog-foot">
          <Button onPress={onClose}>{t("action.cancel")}</Button>
          <Button kind="primary" type="submit" isDisabled={!UUID.test(wanted)} isPending={offer.isPending}>{t("collabs.send")}</Button>
        </footer>
      </form>
    </Dialog>
  );
}
