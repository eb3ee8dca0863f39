import { useMemo, useState } from "react";
import { type Registry, useProductAnalytics } from "../../api/queries";
import type { ProductAnalytics } from "../../api/types";
import { named, t } from "../../i18n";
import { percent } from "../../lib/format";
import { useThrottled } from "../../lib/throttle";
import { EmptyState } from "../../ui/EmptyState";
import { ProblemNote } from "../../ui/Notes";
import { Skeleton } from "../../ui/Skeleton";
import { Badge, type Tone } from "../../ui/Badge";
import { MetricTip } from "../../ui/MetricTip";
import { Value } from "../live/SessionTable";
import type { Freshness } from "./asOf";
import { PanelHead } from "./PanelHead";
import type { RangeState } from "./useRange";

const COLUMNS = ["gmv", "ctr", "ctor", "product_impressions", "product_clicks", "sku_orders", "units_sold"];

const RESORT_MS = 10_000;
const MOST_ROWS = 100;

interface Sort {
  metric: string;
  down: boolean;
}

interface Props {
  freshness: Freshness;
  metrics: Registry;
  range: RangeState;
  running: boolean;
}

const valueOf = (product: ProductAnalytics, metric: string) =>
  product.readings.find((one) => one.metric === metric)?.value ?? -Infinity;

/** What each product did in the part that is shown. */
export function ProductTable({ freshness, metrics, range, running }: Props) {
  const { session_id: sessionId, currency } = freshness.board.session;
  const list = useProductAnalytics(sessionId, running, true, range.query);
  const [sort, setSort] = useState<Sort>({ metric: "gmv", down: true });
  const products = list.data?.products ?? [];
  const { ctr_threshold: ctr, ctor_threshold: ctor } = list.data ?? {};
  return (
    <section className="panel" aria-labelledby="products-title">
      <PanelHead id="products-title" title={t("products")} freshness={freshness} metric={metrics.get("product_clicks")} range={range} />
      {ctr != null && ctor != null && (
        <p className="muted small products-note">{t("products.thresholds", { ctr: percent(ctr), ctor: percent(ctor) })}</p>
      )}
      {list.isPending && <Skeleton />}
      {list.error && <ProblemNote error={list.error} />}
      {list.data && products.length === 0 && <EmptyState title={t("products.none")} />}
      {products.length > 0 && (
        <div className="table-frame" role="group" aria-labelledby="products-title" tabIndex={0}>
          <table className="table table-products">
            <thead>
              <tr>
                <th scope="col">{t("products.product")}</th>
                {COLUMNS.map((name) => (
                  <th
                    key={name}
                    scope="col"
                    className="number"
                    aria-sort={sort.metric !== name ? "none" : sort.down ? "descending" : "ascending"}
                  >
                    <button
                      type="button"
                      className="sort"
                      onClick={() => setSort({ metric: name, down: sort.metric !== name || !sort.down })}
                    >
                      {metrics.get(name)?.title ?? name}
                      <span aria-hidden="true">{sort.metric === name ? (sort.down ? " ↓" : " ↑") : ""}</span>
                    </button>
                    <MetricTip metric={metrics.get(name)} />
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {/* A new key sorts at once: whoever clicks waits for nothing. */}
              <Rows key={`${sort.metric} ${sort.down}`} products={products} sort={sort} metrics={metrics} currency={currency} />
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

interface RowsProps {
  products: ProductAnalytics[];
  sort: Sort;
  metrics: Registry;
  currency: string;
}

/** The numbers move as they come; the rows change places only now and then, so that nobody loses the line they read. */
function Rows({ products, sort, metrics, currency }: RowsProps) {
  const settled = useThrottled(products, RESORT_MS);
  const ranks = useMemo(() => ranked(settled, sort), [settled, sort]);
  const rank = (product: ProductAnalytics) => ranks.get(product.product_id) ?? Infinity;
  const shown = [...products].sort((a, b) => rank(a) - rank(b) || 0).slice(0, MOST_ROWS);
  return shown.map((product) => (
    <tr key={product.product_id}>
      <th scope="row">
        <Name product={product} />
      </th>
      {COLUMNS.map((name) => (
        <td key={name} className="number">
          <Value
            value={product.readings.find((one) => one.metric === name)}
            unit={metrics.get(name)?.unit ?? "count"}
            currency={currency}
          />
        </td>
      ))}
    </tr>
  ));
}

/** The place of each product, by its id. */
function ranked(products: ProductAnalytics[], { metric, down }: Sort): Map<string, number> {
  const order = [...products].sort((a, b) => (valueOf(b, metric) - valueOf(a, metric) || 0) * (down ? 1 : -1));
  return new Map(order.map((product, place) => [product.product_id, place]));
}

const TONES: Record<string, Tone> = { star: "good", explain: "warn", show: "info", replace: "bad" };

/** What the product is called, how it reads, and what to do about it. */
function Name({ product }: { product: ProductAnalytics }) {
  const quadrant = product.quadrant ?? "unspecified";
  return (
    <>
      <span className="product-name">
        <span className="clamp" title={product.title}>{product.title}</span>
        {quadrant !== "unspecified" && <Badge tone={TONES[quadrant] ?? "neutral"}>{named("quadrant", quadrant)}</Badge>}
      </span>
      {product.advice && <span className="small advice clamp" title={product.advice}>{product.advice}</span>}
    </>
  );
}
