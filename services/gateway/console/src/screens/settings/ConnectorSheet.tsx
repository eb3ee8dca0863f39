import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type Connector, connectors } from "../../api/settings";
import { named, t } from "../../i18n";
import { date } from "../../lib/format";
import { Button } from "../../ui/Button";
import { KeyValue } from "../../ui/KeyValue";
import { problemText } from "../../ui/Notes";
import { TOLD_IN_PLACE } from "../../ui/notices";
import { Sheet } from "../../ui/Sheet";
import { Switch } from "../../ui/Switch";
import { connectorsKey } from "./Integrations";
import type { Place } from "./place";

interface Props {
  place: Place;
  connector: Connector;
  onClose: () => void;
  onRotate: () => void;
  onRemove: () => void;
}

/** One connector: the accounts that it acts on, its credential, and its end. */
export function ConnectorSheet({ place, connector, onClose, onRotate, onRemove }: Props) {
  const cache = useQueryClient();
  const { connector_id: id, account_ids = [] } = connector;
  const change = useMutation({
    meta: TOLD_IN_PLACE,
    mutationFn: ({ account, on }: { account: string; on: boolean }) => (on ? connectors.assign(id, account) : connectors.revoke(id, account)),
    onSettled: () => cache.invalidateQueries({ queryKey: connectorsKey(place) }),
  });
  return (
    <Sheet title={connector.name} isOpen onClose={onClose}>
      {change.error && <p className="form-problem" role="alert">{problemText(change.error)}</p>}
      <KeyValue
        items={[
          { name: t("integrations.may"), value: connector.scopes.map((scope) => named("connector-scope", scope)).join(", ") },
          { name: t("integrations.credential"), value: connector.rotated_time ? t("integrations.made", { date: date(connector.rotated_time) }) : t("integrations.no-credential") },
        ]}
      />
      <div><Button onPress={onRotate}>{t(connector.rotated_time ? "integrations.rotate" : "integrations.first-credential")}</Button></div>
      <section className="settings-part" aria-label={t("integrations.on")}>
        <h3>{t("integrations.on")}</h3>
        {place.accounts.length === 0 && <p className="muted">{t("integrations.no-accounts-here")}</p>}
        {place.accounts.map((one) => (
          <Switch
            key={one.account_id}
            isSelected={account_ids.includes(one.account_id)}
            isDisabled={change.isPending}
            onChange={(on) => change.mutate({ account: one.account_id, on })}
          >
            <span data-text>{one.name}</span>
          </Switch>
        ))}
      </section>
      <section className="settings-part" aria-label={t("integrations.remove")}>
        <h3>{t("integrations.remove")}</h3>
        <p className="muted">{t("integrations.remove.text")}</p>
        <div><Button kind="danger" onPress={onRemove}>{t("team.remove", { name: connector.name })}</Button></div>
      </section>
    </Sheet>
  );
}
