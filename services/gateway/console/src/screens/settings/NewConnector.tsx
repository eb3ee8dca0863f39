import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useRef, useState } from "react";
import { Intention } from "../../api/intention";
import { connectors, type ConnectorScope } from "../../api/settings";
import { named, t } from "../../i18n";
import { NAME, taken, trimmed } from "../../lib/text";
import { Button } from "../../ui/Button";
import { Checkbox } from "../../ui/Checkbox";
import { Dialog } from "../../ui/Dialog";
import { problemText } from "../../ui/Notes";
import { TOLD_IN_PLACE } from "../../ui/notices";
import { TextField } from "../../ui/TextField";
import { connectorsKey } from "./Integrations";
import type { Place } from "./place";

const SCOPES: readonly ConnectorScope[] = ["ingest", "payments", "checkout"];

interface Props {
  place: Place;
  onClose: () => void;
  told: (credential: string) => void;
}

/** A connector, its accounts and its first credential in one go. */
export function NewConnector({ place, onClose, told }: Props) {
  const cache = useQueryClient();
  const [name, setName] = useState("");
  const [scopes, setScopes] = useState<readonly string[]>(["ingest"]);
  const [accounts, setAccounts] = useState<readonly string[]>(place.accounts.length === 1 ? place.accounts.map((one) => one.account_id) : []);
  const intention = useRef(new Intention());
  const add = useMutation({
    meta: TOLD_IN_PLACE,
    mutationFn: async () => {
      const body = { name: trimmed(name), scopes: SCOPES.filter((one) => scopes.includes(one)), [place.field]: place.id };
      const { connector_id } = await intention.current.send(body, (key) => connectors.create(body, key));
      for (const account of accounts) await connectors.assign(connector_id, account);
      return connectors.rotate(connector_id);
    },
    onSettled: () => cache.invalidateQueries({ queryKey: connectorsKey(place) }),
    onSuccess: ({ credential }) => {
      onClose();
      told(credential);
    },
  });
  const ready = taken(name, NAME) && scopes.length > 0;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (ready) add.mutate();
  };
  return (
    <Dialog title={t("integrations.add")} isOpen onClose={onClose}>
      <form className="stack" onSubmit={submit}>
        {add.error && <p className="form-problem" role="alert">{problemText(add.error)}</p>}
        <TextField label={t("integrations.name")} hint={t("integrations.name.hint")} isRequired autoFocus rule={NAME} value={name} onChange={setName} />
        <fieldset className="settings-choices">
          <legend className="label">{t("integrations.may")}</legend>
          {SCOPES.map((scope) => (
            <Checkbox key={scope} isSelected={scopes.includes(scope)} onChange={(on) => setScopes(toggled(scopes, scope, on))}>
              <span className="switch-text">{named("connector-scope", scope)}<span className="muted small">{t(`connector-scope.hint.${scope}`)}</span></span>
            </Checkbox>
          ))}
        </fieldset>
        {place.accounts.length > 0 && (
          <fieldset className="settings-choices">
            <legend className="label">{t("integrations.on")}</legend>
            {place.accounts.map((one) => (
              <Checkbox key={one.account_id} isSelected={accounts.includes(one.account_id)} onChange={(on) => setAccounts(toggled(accounts, one.account_id, on))}>
                <span data-text>{one.name}</span>
              </Checkbox>
            ))}
          </fieldset>
        )}
        <footer className="dialog-foot">
          <Button onPress={onClose}>{t("action.cancel")}</Button>
          <Button kind="primary" type="submit" isPending={add.isPending} isDisabled={!ready}>{t("integrations.add.action")}</Button>
        </footer>
      </form>
    </Dialog>
  );
}

const toggled = (all: readonly string[], one: string, on: boolean) => (on ? [...all, one] : all.filter((other) => other !== one));
