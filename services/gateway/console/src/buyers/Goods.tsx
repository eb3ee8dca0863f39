import { useState } from "react";
import Search from "lucide-react/icons/search";
import type { BagItem, Product } from "../api/types";
import { named, t } from "../i18n";
import { amount } from "../lib/format";
import { Picture } from "./Picture";

const FEW = 5; // left in stock: worth saying
const LONG = 8; // products, from which on one searches

export interface GoodsActions {
  /** False once the LIVE is over, and in a replay: nothing can be bought or asked. */
  open: boolean;
  shown: (node: HTMLElement | null) => (() => void) | undefined;
  onLook: (item: BagItem) => void;
  onAsk: (productId: string) => void;
}

export const soldOut = (product: Product) => product.stock === 0;

export const comesInVariants = (product: Product) => (product.variant_count ?? 0) > 0;

/** Price, what it cost before, and what is worth knowing. */
export function Price({ product }: { product: Product }) {
  const { stock, label } = product;
  return (
    <span className="price">
      <strong>{comesInVariants(product) ? t("watch.from", { price: amount(product.price) }) : amount(product.price)}</strong>
      {product.compare_at_price && <s aria-label={t("watch.before", { price: amount(product.compare_at_price) })}>{amount(product.compare_at_price)}</s>}
      {soldOut(product) ? <span className="tag">{t("watch.sold-out")}</span>
        : typeof stock === "number" && stock <= FEW ? <span className="tag tag-few">{t("watch.few", { n: stock })}</span>
        : label && label !== "unspecified" && label !== "high_commission" && <span className="tag">{named("label", label)}</span>}
    </span>
  );
}

/** What the host shows now, over the picture. */
export function Pinned({ item, open, shown, onLook, onAsk }: GoodsActions & { item: BagItem }) {
  const { product } = item;
  return (
    <section ref={shown} className="goods-pinned" data-product={product.product_id} aria-label={t("watch.shown-now")}>
      <Picture product={product} width={96} />
      <div className="goods-words">
        <span className="goods-now">{t("watch.shown-now")}</span>
        <span className="bag-title">{product.title}</span>
        <Price product={product} />
      </div>
      {open && <Actions item={item} onLook={onLook} onAsk={onAsk} />}
    </section>
  );
}

function Actions({ item, onLook, onAsk }: Pick<GoodsActions, "onLook" | "onAsk"> & { item: BagItem }) {
  const { title, product_id: id } = item.product;
  return (
    <span className="goods-actions">
      <button type="button" className="plain" aria-label={t("watch.ask-about", { title })} onClick={() => onAsk(id)}>{t("watch.ask")}</button>
      <button type="button" className="cta" aria-label={t("watch.buy-of", { title })} onClick={() => onLook(item)}>{t("watch.buy")}</button>
    </span>
  );
}

/** All that is for sale here. */
export function Goods({ items, ...actions }: GoodsActions & { items: BagItem[] }) {
  const [wanted, setWanted] = useState("");
  const word = wanted.trim().toLocaleLowerCase();
  const found = items.filter(({ product, number }) => product.title.toLocaleLowerCase().includes(word) || `${number}` === word);
  return (
    <>
      {items.length > LONG && (
        <label className="goods-search">
          <Search size={18} aria-hidden />
          <input type="search" value={wanted} onChange={(event) => setWanted(event.target.value)} placeholder={t("watch.search")} aria-label={t("watch.search")} />
        </label>
      )}
      {items.length === 0 && <p className="nothing">{t("watch.bag-none")}</p>}
      {items.length > 0 && found.length === 0 && <p className="nothing">{t("watch.found-none", { words: wanted.trim() })}</p>}
      <ul className="goods">
        {found.map((item) => (
          <li key={item.product.product_id} ref={actions.shown} className={item.pinned ? "goods-item goods-item-now" : "goods-item"} data-product={item.product.product_id}>
            <span className="goods-picture">
              <Picture product={item.product} width={96} />
              <span className="goods-number">{item.number}</span>
            </span>
            <div className="goods-words">
              {item.pinned && <span className="goods-now">{t("watch.shown-now")}</span>}
              <span className="bag-title">{item.product.title}</span>
              <Price product={item.product} />
            </div>
            {actions.open && <Actions item={item} onLook={actions.onLook} onAsk={actions.onAsk} />}
          </li>
        ))}
      </ul>
    </>
  );
}
