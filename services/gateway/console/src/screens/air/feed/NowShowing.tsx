import Pin from "lucide-react/icons/pin";
import { useBag } from "../../../api/queries";
import type { Board, Reading, Session } from "../../../api/types";
import { named, t } from "../../../i18n";
import { amount, count, DASH, duration, reading } from "../../../lib/format";
import { useNow } from "../../../lib/now";
import { Button } from "../../../ui/Button";
import { Thumbnail } from "../../../ui/Thumbnail";
import { pictureOf } from "../cues";
import { usePin } from "../usePin";

/** The figures of a pin, in the order in which a sale comes about. */
const FIGURES = [
  { metric: "product_clicks", unit: "count", name: "showing.clicks" },
  { metric: "sku_orders", unit: "count", name: "showing.orders" },
  { metric: "units_sold", unit: "count", name: "showing.units" },
  { metric: "gmv", unit: "money", name: "showing.gmv" },
] as const;

/** What viewers are shown now, and what has come of it since it was pinned. */
export function NowShowing({ session, board }: { session: Session; board: Board | undefined }) {
  const id = session.session_id;
  const pinned = useBag(id, "").data?.items.find((item) => item.pinned);
  const unpin = usePin(id);
  const replay = session.source === "replay";
  const now = useNow(pinned !== undefined && !replay);
  if (!pinned) {
    return (
      <section className="showing showing-none" aria-label={t("showing")}>
        <Pin size={18} aria-hidden />
        <p>{t("showing.none")}</p>
      </section>
    );
  }
  const { product } = pinned;
  const told = board?.now_showing?.product_id === product.product_id ? board.now_showing : undefined;
  const since = told && (replay ? told.pinned_s : Math.max(told.pinned_s, (now - Date.parse(told.pin_time)) / 1000));
  const value = (metric: string) => told?.readings.find((one) => one.metric === metric);
  return (
    <section className="showing" aria-label={t("showing")}>
      <Thumbnail name={product.title} src={pictureOf(product)} size="large" />
      <div className="showing-product">
        <p className="showing-head">
          <span className="showing-word">{t("showing")}</span>
          <time className="showing-time tabular">{since === undefined ? DASH : duration(since)}</time>
        </p>
        <p className="showing-title" title={product.title}>{product.title}</p>
        <p className="cue-facts">
          <strong>{amount(product.price)}</strong>
          {product.stock != null && <span>{product.stock === 0 ? t("bag.sold-out") : t("bag.stock", { n: count(product.stock) })}</span>}
        </p>
      </div>
      <dl className="showing-figures">
        {FIGURES.map(({ metric, unit, name }) => (
          <div key={metric}>
            <dt>{t(name)}</dt>
            <Figure value={value(metric)} text={reading(value(metric), unit, session.currency)} />
          </div>
        ))}
      </dl>
      {session.source === "live" && (
        <Button small isPending={unpin.isPending} onPress={() => unpin.mutate(pinned)}>{t("showing.unpin")}</Button>
      )}
    </section>
  );
}

/** A dash says why. */
function Figure({ value, text }: { value: Reading | undefined; text: string }) {
  if (text !== DASH) return <dd>{text}</dd>;
  const why = named("missing", value?.missing || "not_yet");
  return <dd title={why}>{text}<span className="visually-hidden">{why}</span></dd>;
}
