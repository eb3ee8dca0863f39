import { useEffect, useId, useState } from "react";
import type { Product, ProductVariant } from "../api/types";
import { watch } from "../api/watch";
import { t } from "../i18n";
import { canHave, choosing, missingOf, variantOf, valuesOf } from "./choices";
import "./choices.css";

interface Props {
  sessionId: string;
  product: Product;
  /** What is chosen, and what is still to be chosen: the name of an option. */
  onChoose: (variant: ProductVariant | undefined, missing: string) => void;
}

/** What one can choose of a product: a row of values for each of its options. Loaded when such a product is looked at. */
export default function Variants({ sessionId, product: { product_id: id }, onChoose }: Props) {
  const [product, setProduct] = useState<Product>();
  const [failed, setFailed] = useState(false);
  const [tries, setTries] = useState(0);
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const choose = (next: readonly string[], of: Product) => {
    setChosen(next);
    onChoose(variantOf(of, next), missingOf(of, next));
  };
  useEffect(() => {
    let here = true;
    setFailed(false);
    watch.product(sessionId, id).then(
      (told) => {
        if (!here) return;
        setProduct(told);
        choose(choosing(told, []), told);
      },
      () => here && setFailed(true),
    );
    return () => {
      here = false;
    };
  }, [sessionId, id, tries]);
  if (failed)
    return (
      <div className="wrong choices-wrong" role="alert">
        <span>{t("watch.choices-failed")}</span>
        <button type="button" className="plain" onClick={() => setTries(tries + 1)}>{t("watch.now")}</button>
      </div>
    );
  if (!product) return <ChoicesLoading />;
  return (product.options ?? []).map((option, at) => (
    <Option
      key={option.name}
      name={option.name}
      values={valuesOf(product, at)}
      chosen={chosen[at] ?? ""}
      has={(value) => canHave(product, chosen, at, value)}
      onChoose={(value) => choose(choosing(product, [...chosen.slice(0, at), value, ...chosen.slice(at + 1)]), product)}
    />
  ));
}

interface OptionProps {
  name: string;
  values: string[];
  chosen: string;
  has: (value: string) => boolean;
  onChoose: (value: string) => void;
}

function Option({ name, values, chosen, has, onChoose }: OptionProps) {
  const group = useId();
  return (
    <fieldset className="choices">
      <legend dir="auto">{name}{chosen && <strong> {chosen}</strong>}</legend>
      <div>
        {values.map((value) => (
          <label key={value} className={has(value) ? "choice" : "choice choice-gone"}>
            <input type="radio" name={group} value={value} checked={value === chosen} disabled={!has(value)} onChange={() => onChoose(value)} />
            <span dir="auto">{value}</span>
            {!has(value) && <span className="visually-hidden">{t("watch.sold-out")}</span>}
          </label>
        ))}
      </div>
    </fieldset>
  );
}

function ChoicesLoading() {
  return <p className="choices-wait" role="status">{t("watch.choices-come")}</p>;
}
