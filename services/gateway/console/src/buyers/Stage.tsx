import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { watch } from "../api/calls";
import type { BagItem } from "../api/types";
import { named, t } from "../i18n";
import { amount } from "../lib/format";
import { Button } from "../ui/Button";
import { EmptyState } from "../ui/EmptyState";
import { notify } from "../ui/notices";
import { Checkout } from "./Checkout";
import { roomPath } from "./paths";
import type { ViewerToken } from "./viewerToken";
import { useLikes, useShown } from "./signals";
import { Badge } from "../ui/Badge";

interface Props {
  sessionId: string;
  items: BagItem[];
  viewer: ViewerToken | null;
  /** Viewers may pretend to pay. */
  pretence: boolean;
  onAsk: (productId: string) => void;
}

/** The goods: what is shown now, on top, and everything else in the bag. */
export function Stage({ sessionId, items, viewer, pretence, onAsk }: Props) {
  const [buying, setBuying] = useState<BagItem | null>(null);
  const pinned = items.find((item) => item.pinned);
  const look = (item: BagItem) => {
    setBuying(item);
    // A click counts whether or not an order follows; one that is lost is not worth a message.
    if (viewer) void watch.click(sessionId, viewer.token, item.product.product_id).catch(() => undefined);
  };
  const shown = useShown(sessionId, viewer);
  const parts = { viewer, shown, onLook: look, onAsk };
  return (
    <section className="panel stage" aria-labelledby="stage-title">
      <header className="panel-head">
        <h2 id="stage-title">{t("watch.bag")}</h2>
        {viewer && <Reactions sessionId={sessionId} viewer={viewer} />}
      </header>
      {pinned && <Goods key={pinned.product.product_id} item={pinned} {...parts} />}
      {items.length === 0 && <EmptyState title={t("watch.bag-none")} />}
      <ul className="goods">
        {items.filter((item) => item !== pinned).map((item) => (
          <li key={item.product.product_id}>
            <Goods item={item} {...parts} />
          </li>
        ))}
      </ul>
      {buying && viewer && (
        <Checkout sessionId={sessionId} viewer={viewer} pretence={pretence} item={buying} onClose={() => setBuying(null)} />
      )}
    </section>
  );
}

interface GoodsProps {
  item: BagItem;
  viewer: ViewerToken | null;
  shown: ReturnType<typeof useShown>;
  onLook: (item: BagItem) => void;
  onAsk: (productId: string) => void;
}

function Goods({ item, viewer, shown, onLook, onAsk }: GoodsProps) {
  const { product } = item;
  return (
    <div ref={shown} className={item.pinned ? "goods-item goods-pinned" : "goods-item"} data-product={product.product_id}>
      <span className="goods-number tabular">{item.number}</span>
      <div className="bag-product">
        <span className="bag-title">{product.title}</span>
        <span className="muted small bag-facts">
          <span className="goods-price">{amount(product.price)}</span>
          {item.pinned && <Badge tone="live" dot>{t("watch.shown-now")}</Badge>}
          {product.label && product.label !== "unspecified" && (
            <Badge tone="info">{named("label", product.label)}</Badge>
          )}
        </span>
      </div>
      {viewer && (
        <div className="row">
          <Button small kind="quiet" aria-label={t("watch.ask-about", { title: product.title })} onPress={() => onAsk(product.product_id)}>
            {t("watch.ask")}
          </Button>
          <Button small kind="primary" aria-label={t("watch.buy-of", { title: product.title })} onPress={() => onLook(item)}>
            {t("watch.buy")}
          </Button>
        </div>
      )}
    </div>
  );
}

function Reactions({ sessionId, viewer }: { sessionId: string; viewer: ViewerToken }) {
  const [followed, setFollowed] = useState(false);
  const like = useLikes(sessionId, viewer);
  const share = useMutation({
    mutationFn: async () => {
      const address = new URL(`${roomPath(sessionId)}?channel=share`, location.href).href;
      // A browser may forbid the clipboard; then the address is shown to be copied by hand.
      const copied = await navigator.clipboard?.writeText(address).then(() => true, () => false);
      await watch.share(sessionId, viewer.token);
      return copied ? t("watch.shared") : address;
    },
    onSuccess: (text) => notify(text),
  });
  const follow = useMutation({
    mutationFn: () => watch.follow(sessionId, viewer.token),
    onSuccess: () => setFollowed(true),
  });
  return (
    <div className="row">
      <Button small repeats onPress={like}>{t("watch.like")}</Button>
      <Button small onPress={() => share.mutate()}>{t("watch.share")}</Button>
      <Button small kind={followed ? "quiet" : "primary"} isDisabled={followed} isPending={follow.isPending} onPress={() => follow.mutate()}>
        {followed ? t("watch.following") : t("watch.follow")}
      </Button>
    </div>
  );
}
