import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useRef, useState } from "react";
import { Intention } from "../../api/intention";
import { type Checkout, checkout, type CheckoutKey } from "../../api/settings";
import { t } from "../../i18n";
import { moment } from "../../lib/format";
import { Badge } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { Card } from "../../ui/Card";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import { KeyValue } from "../../ui/KeyValue";
import { ExternalLink } from "../../ui/Link";
import { ProblemNote, problemText } from "../../ui/Notes";
import { notify, TOLD_IN_PLACE } from "../../ui/notices";
import { Skeleton } from "../../ui/Skeleton";
import { TextField } from "../../ui/TextField";
import { CheckoutKeyDialog, NewKey } from "./CheckoutKey";
import type { Place } from "./place";

const keyOf = (shop: string) => ["checkout", shop];

/** The shop's own checkout: where buyers pay, the key by which it knows our links, and a link to try it with. */
export function CheckoutCard({ place }: { place: Place }) {
  const found = useQuery({ queryKey: keyOf(place.id), queryFn: () => checkout.get(place.id) });
  const [changing, setChanging] = useState(false);
  const at = found.data?.address ?? "";
  const ready = Boolean(at && found.data?.key_id);
  return (
    <Card
      title={t("checkout")}
      hint={t("checkout.about")}
      actions={found.data && <Badge tone={ready ? "good" : at ? "warn" : "neutral"}>{t(ready ? "checkout.on" : at ? "checkout.no-key" : "checkout.off")}</Badge>}
    >
      {found.isPending && <Skeleton lines={2} />}
      {found.error && <ProblemNote error={found.error} retry={() => void found.refetch()} />}
      {found.data && (at && !changing ? (
        <Standing place={place} state={found.data} onChange={() => setChanging(true)} />
      ) : (
        <Address place={place} now={at} onDone={() => setChanging(false)} />
      ))}
    </Card>
  );
}

function Address({ place, now, onDone }: { place: Place; now: string; onDone: () => void }) {
  const cache = useQueryClient();
  const [address, setAddress] = useState(now);
  const intention = useRef(new Intention());
  const save = useMutation({
    meta: TOLD_IN_PLACE,
    mutationFn: () => intention.current.send(address.trim(), (key) => checkout.set(place.id, address.trim(), key)),
    onSuccess: (saved) => {
      cache.setQueryData(keyOf(place.id), saved);
      onDone();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (address.trim()) save.mutate();
  };
  return (
    <form className="stack" onSubmit={submit}>
      {save.error && <p className="form-problem" role="alert">{problemText(save.error)}</p>}
      <TextField label={t("checkout.address")} hint={t("checkout.address.hint")} type="url" isRequired value={address} onChange={setAddress} />
      <div className="row">
        <Button kind="primary" type="submit" isPending={save.isPending} isDisabled={!address.trim()}>{t("checkout.save")}</Button>
        {now && <Button onPress={onDone}>{t("action.cancel")}</Button>}
      </div>
    </form>
  );
}

function Standing({ place, state, onChange }: { place: Place; state: Checkout; onChange: () => void }) {
  const cache = useQueryClient();
  const [asked, setAsked] = useState<"key" | "remove">();
  const [made, setMade] = useState<CheckoutKey>();
  const again = () => cache.invalidateQueries({ queryKey: keyOf(place.id) });
  const rotate = useMutation({
    mutationFn: (atOnce: boolean) => checkout.rotate(place.id, atOnce),
    onSuccess: setMade,
    onSettled: () => {
      setAsked(undefined);
      return again();
    },
  });
  const attempt = useMutation({ mutationFn: () => checkout.test(place.id) });
  const remove = useMutation({
    mutationFn: () => checkout.remove(place.id),
    onSuccess: () => notify(t("checkout.removed")),
    onSettled: () => {
      setAsked(undefined);
      return again();
    },
  });
  const { key_id: id, signs_from_time: since, next_key_id: next, next_signs_from_time: from } = state;
  return (
    <div className="stack">
      <KeyValue
        items={[
          { name: t("checkout.address"), value: <span data-text className="checkout-address">{state.address}</span> },
          { name: t("checkout.key"), value: id ? t("checkout.key-since", { key: shortOf(id), time: since ? moment(since) : "" }) : t("checkout.key-none") },
          ...(next ? [{ name: t("checkout.next"), value: t("checkout.next-from", { key: shortOf(next), time: from ? moment(from) : "" }) }] : []),
        ]}
      />
      <p className="muted small">{t("checkout.answers")}</p>
      {attempt.data && <p role="status">{t("checkout.test-ready")} <ExternalLink href={attempt.data.url}>{t("checkout.test-open")}</ExternalLink></p>}
      <div className="row checkout-actions">
        {id ? (
          <Button onPress={() => attempt.mutate()} isPending={attempt.isPending}>{t("checkout.test")}</Button>
        ) : (
          <Button kind="primary" onPress={() => rotate.mutate(false)} isPending={rotate.isPending}>{t("checkout.first-key")}</Button>
        )}
        {id && <Button onPress={() => setAsked("key")}>{t("checkout.rotate")}</Button>}
        <Button onPress={onChange}>{t("checkout.change")}</Button>
        <Button kind="danger" onPress={() => setAsked("remove")}>{t("checkout.remove")}</Button>
      </div>
      {asked === "key" && <NewKey busy={rotate.isPending} onClose={() => setAsked(undefined)} onMake={(atOnce) => rotate.mutate(atOnce)} />}
      {made && <CheckoutKeyDialog made={made} onClose={() => setMade(undefined)} />}
      {asked === "remove" && (
        <ConfirmDialog
          title={t("checkout.remove.title")}
          text={t("checkout.remove.text")}
          action={t("checkout.remove")}
          isOpen
          busy={remove.isPending}
          onClose={() => setAsked(undefined)}
          onConfirm={() => remove.mutate()}
        />
      )}
    </div>
  );
}

/** Enough of an id to tell two keys apart. */
const shortOf = (id: string) => id.slice(-6);
