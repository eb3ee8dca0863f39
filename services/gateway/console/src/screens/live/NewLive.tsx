import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { sessions } from "../../api/calls";
import { keys, useLastAccount, useMe } from "../../api/queries";
import type { Me } from "../../api/types";
import { named, t } from "../../i18n";
import { taken, TITLE, trimmed } from "../../lib/text";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Switch } from "../../ui/Switch";
import { Select } from "../../ui/Select";
import { TextField } from "../../ui/TextField";
import { problemText } from "../../ui/Notes";
import { TOLD_IN_PLACE } from "../../ui/notices";

interface Props {
  isOpen: boolean;
  onClose: () => void;
  accounts: Me["accounts"];
}

/** The name of an account's shop, and the currency that its LIVEs are counted in. */
function shopName(shops: Me["shops"], id: string): string {
  const shop = shops.find((one) => one.shop_id === id);
  if (!shop) return "";
  return shop.currency ? t("new-live.shop", { shop: shop.name, currency: shop.currency }) : shop.name;
}

export function NewLive({ isOpen, onClose, accounts }: Props) {
  const shops = useMe().data?.shops ?? [];
  const [chosen, setChosen] = useState("");
  const [title, setTitle] = useState("");
  const [practise, setPractise] = useState(false);
  const navigate = useNavigate();
  const cache = useQueryClient();
  const isOfficial = (one: Me["accounts"][number]) => one.kind === "official";
  const hosted = [...accounts.filter(isOfficial), ...accounts.filter((one) => !isOfficial(one))];
  const last = useLastAccount(isOpen).data;
  const usual = hosted.find((one) => one.account_id === last) ?? hosted[0];
  const account = chosen || (usual?.account_id ?? "");

  const open = useMutation({
    mutationFn: async () => {
      const opened = await sessions.open(account, trimmed(title));
      if (practise) await sessions.startPractice(opened.session.session_id);
      return opened;
    },
    meta: TOLD_IN_PLACE,
    onSuccess: async ({ session }) => {
      await cache.invalidateQueries({ queryKey: keys.sessions });
      onClose();
      setTitle("");
      await navigate({ to: "/live/$sessionId/plan", params: { sessionId: session.session_id } });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (taken(title, TITLE)) open.mutate();
  };

  return (
    <Dialog title={t("new-live")} isOpen={isOpen} onClose={onClose}>
      {accounts.length === 0 ? (
        <p>{t("new-live.no-account")}</p>
      ) : (
        <form className="stack" onSubmit={submit}>
          <p className="muted">{t("new-live.hint")}</p>
          {open.error && (
            <p className="form-problem" role="alert">
              {problemText(open.error)}
            </p>
          )}
          <div className="field">
            <Select
              label={t("new-live.account")}
              value={account}
              onChange={setChosen}
              choices={hosted.map((one) => ({
                id: one.account_id,
                text: one.kind ? t("new-live.of-kind", { name: one.name, kind: named("account-kind", one.kind) }) : one.name,
                group: shopName(shops, one.shop_id ?? ""),
              }))}
            />
            <p className="muted small">{shopName(shops, accounts.find((one) => one.account_id === account)?.shop_id ?? "")}</p>
          </div>
          <TextField label={t("new-live.title")} isRequired rule={TITLE} autoFocus value={title} onChange={setTitle} />
          <Switch isSelected={practise} onChange={setPractise} hint={t("new-live.practise-hint")}>{t("new-live.practise")}</Switch>
          <footer className="dialog-foot">
            <Button onPress={onClose}>{t("action.cancel")}</Button>
            <Button kind="primary" type="submit" isPending={open.isPending} isDisabled={!taken(title, TITLE)}>
              {t("new-live.open")}
            </Button>
          </footer>
        </form>
      )}
    </Dialog>
  );
}
