import { useMutation } from "@tanstack/react-query";
import { type FormEvent, lazy, Suspense, useId, useState } from "react";
import { Intention } from "../../api/intention";
import { products, type Written } from "../../api/products";
import type { Product } from "../../api/types";
import { t } from "../../i18n";
import { taken, trimmed } from "../../lib/text";
import { Button } from "../../ui/Button";
import { MoneyField } from "../../ui/MoneyField";
import { NumberField } from "../../ui/NumberField";
import { problemText } from "../../ui/Notes";
import { notify, TOLD_IN_PLACE } from "../../ui/notices";
import { Select } from "../../ui/Select";
import { Sheet } from "../../ui/Sheet";
import { Skeleton } from "../../ui/Skeleton";
import { Switch } from "../../ui/Switch";
import { TextField } from "../../ui/TextField";
import { ShareField } from "./cells";
import { PictureField } from "./PictureField";
import { CATEGORY, isLink, REFERENCE, TITLE } from "./rules";
import { patchOf, writtenOf } from "./saving";
import type { Changes } from "./useChanges";
import type { Saving } from "./useSaving";
import type { Shop } from "./useShop";
import { FULL, LABELS, labelText } from "./values";

const Variants = lazy(async () => ({ default: (await import("./Variants")).Variants }));

interface Props {
  shop: Shop;
  /** The product that is changed; none for a new one. */
  product: Product | null;
  saving: Saving;
  changes: Changes;
  onClose: () => void;
}

/** Its price is not written yet: `price` counts once `priced`. */
interface Draft extends Written {
  reference: string;
  priced: boolean;
}

const draftOf = ({ currency }: Shop, product: Product | null): Draft =>
  product
    ? { ...writtenOf(product), reference: product.reference, priced: true }
    : {
        title: "", category: "", price: { minor: 0, currency }, compare_at_price: null, commission_bps: 0, label: "unspecified",
        in_showcase: true, link: "", stock: null, image_id: "", reference: "", priced: false,
      };

const isWhole = (draft: Draft): boolean =>
  taken(draft.title, TITLE) && taken(draft.reference, REFERENCE) && taken(draft.category, CATEGORY) && draft.priced &&
  isLink(draft.link) && !isLow(draft);

/** What it cost before is more than what it costs. */
const isLow = ({ compare_at_price: before, price }: Draft) => before !== null && before.minor <= price.minor;

/** A product's form, beside the list. */
export function ProductSheet({ shop, product, saving, changes, onClose }: Props) {
  const form = useId();
  const [draft, setDraft] = useState(() => draftOf(shop, product));
  const [sending, setSending] = useState(false);
  const [tried, setTried] = useState(false);
  const [intention] = useState(() => new Intention());
  const create = useMutation({
    mutationFn: ({ reference, priced: _, ...written }: Draft) =>
      intention.send([reference, written], (key) => products.create(shop.id, reference, written, key)),
    meta: TOLD_IN_PLACE,
  });

  const keep = async (another: boolean) => {
    setTried(true);
    if (!isWhole(draft) || sending) return;
    const whole = { ...draft, title: trimmed(draft.title), reference: trimmed(draft.reference), category: trimmed(draft.category) };
    if (product) {
      const { reference: _, priced: __, ...written } = whole;
      const patch = patchOf(product, written);
      const saved = Object.keys(patch).length === 0 || (await saving.save(product, patch));
      if (!saved) return;
      notify(t("products.saved", { title: whole.title }));
      return onClose();
    }
    const kept = await create.mutateAsync(whole).catch(() => null);
    if (!kept) return;
    intention.done(); // the same once more would be another product
    void changes.refresh();
    notify(t("products.created", { title: whole.title }));
    if (!another) return onClose();
    setTried(false);
    setDraft({ ...draftOf(shop, null), category: whole.category, commission_bps: whole.commission_bps });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void keep(false);
  };
  const busy = create.isPending || saving.wanted !== undefined;
  return (
    <Sheet
      title={product ? product.title : t("products.new")}
      isOpen
      onClose={onClose}
      foot={
        <>
          <Button onPress={onClose}>{t("action.cancel")}</Button>
          {!product && <Button isDisabled={sending || busy} onPress={() => keep(true)}>{t("products.create-more")}</Button>}
          <Button kind="primary" type="submit" form={form} isPending={busy} isDisabled={sending}>
            {t(product ? "action.save" : "products.create")}
          </Button>
        </>
      }
    >
      <form id={form} className="stack" onSubmit={submit} noValidate>
        {create.error && <p className="form-problem" role="alert">{problemText(create.error)}</p>}
        <PictureField
          shop={shop.id}
          title={draft.title}
          imageId={draft.image_id}
          onChange={(image_id) => setDraft((now) => ({ ...now, image_id }))}
          onBusy={setSending}
        />
        {product?.variant_count ? <Suspense fallback={<Skeleton lines={4} />}><Variants id={product.product_id} /></Suspense> : null}
        <Fields hasVariants={Boolean(product?.variant_count)} draft={draft} onChange={(part) => setDraft((now) => ({ ...now, ...part }))} isNew={!product} tried={tried} />
      </form>
    </Sheet>
  );
}

interface FieldsProps {
  /** Price and stock are then those of its variants. */
  hasVariants: boolean;
  draft: Draft;
  onChange: (part: Partial<Draft>) => void;
  isNew: boolean;
  /** What is missing is told once somebody has tried to save. */
  tried: boolean;
}

function Fields({ hasVariants, draft, onChange, isNew, tried }: FieldsProps) {
  const { currency } = draft.price;
  const needed = (missing: boolean) => (tried && missing ? t("products.needed") : undefined);
  return (
    <>
      <TextField
        label={t("products.title")} isRequired rule={TITLE} autoFocus={isNew} value={draft.title} problem={needed(!draft.title.trim())}
        onChange={(title) => onChange({ title })}
      />
      <TextField
        label={t("products.reference")} isRequired rule={REFERENCE} isDisabled={!isNew} value={draft.reference}
        hint={isNew ? t("products.reference-hint") : undefined} problem={needed(!draft.reference.trim())}
        onChange={(reference) => onChange({ reference })}
      />
      <div className="product-pair">
        {!hasVariants && <>
        <MoneyField
          label={t("products.price")} isRequired currency={currency} value={draft.priced ? draft.price.minor : null} problem={needed(!draft.priced)}
          onChange={(minor) => onChange({ price: { minor: minor ?? 0, currency }, priced: minor !== null })}
        />
        <MoneyField
          label={t("products.compare-at")} currency={currency} value={draft.compare_at_price?.minor ?? null}
          problem={isLow(draft) ? t("products.compare-at-low") : undefined}
          onChange={(minor) => onChange({ compare_at_price: minor === null ? null : { minor, currency } })}
        />
        <NumberField
          label={t("products.stock")} plain minValue={0} maxValue={1e9} hint={t("products.stock-hint")} value={draft.stock}
          onChange={(stock) => onChange({ stock })}
        />
        </>}
        <ShareField value={draft.commission_bps / FULL} onChange={(share) => onChange({ commission_bps: Math.round((share ?? 0) * FULL) })} />
        <TextField label={t("products.category")} rule={CATEGORY} value={draft.category} onChange={(category) => onChange({ category })} />
        <Select
          label={t("products.label")} value={draft.label as (typeof LABELS)[number]}
          choices={LABELS.map((id) => ({ id, text: labelText(id) }))} onChange={(label) => onChange({ label })}
        />
      </div>
      <TextField
        label={t("products.link")} type="url" hint={t("products.link-hint")} value={draft.link}
        problem={isLink(draft.link) ? undefined : t("products.link-wrong")} onChange={(link) => onChange({ link: link.trim() })}
      />
      <Switch isSelected={draft.in_showcase} hint={t("products.showcase-hint")} onChange={(in_showcase) => onChange({ in_showcase })}>
        {t("products.showcase")}
      </Switch>
    </>
  );
}
