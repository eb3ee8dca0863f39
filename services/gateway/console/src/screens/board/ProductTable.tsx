import { useState } from "react";
import { type Registry, useProductAnalytics } from "../../api/queries";
import type { ProductAnalytics } from "../../api/types";
import { named, t } from "../../i18n";
import { percent } from "../../lib/format";
import { EmptyNote, Loading, ProblemNote } from "../../ui/Notes";
import { MetricTip } from "../../ui/Tip";
import { Value } from "../sessions/SessionTable";

const COLUMNS = ["gmv", "ctr", "ctor", "product_impressions", "product_clicks", "sku_orders", "units_sold"];

interface Props {
  sessionId: string;
  metrics: Registry;
  currency: string;
  running: boolean;
}

const valueOf = (product: ProductAnalytics, metric: string) =>
  product.readings.find((one) => one.metric === metric)?.value ?? -Infinity;

export function ProductTable({ sessionId, metrics, currency, running }: Props) {
  const list = useProductAnalytics(sessionId, running);
  const [sort, setSort] = useState({ metric: "gmv", down: true });
  const products = [...(list.data?.products ?? [])].sort(
    (a, b) => (valueOf(b, sort.metric) - valueOf(a, sort.metric) || 0) * (sort.down ? 1 : -1),
  );
  const { ctr_threshold: ctr, ctor_threshold: ctor } = list.data ?? {};
  return (
    <section className="panel" aria-labelledby="products-title">
      <header className="panel-head">
        <h2 id="products-title">{t("products")}</h2>
        {ctr != null && ctor != null && (
          <span className="muted small">{t("products.thresholds", { ctr: percent(ctr), ctor: percent(ctor) })}</span>
        )}
      </header>
      {list.isPending && <Loading />}
      {list.error && <ProblemNote error={list.error} />}
      {list.data && products.length === 0 && <EmptyNote title={t("products.none")} />}
      {products.length > 0 && (
        <div className="table-frame" role="region" aria-labelledby="products-title" tabIndex={0}>
          <table className="table table-wrap-heads">
            <thead>
              <tr>
                <th scope="col">{t("products.product")}</th>
                <th scope="col">{t("products.reading")}</th>
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
              {products.slice(0, 100).map((product) => (
                <tr key={product.product_id}>
                  <th scope="row" className="cell-name">{product.title}</th>
                  <td className="cell-advice">
                    <Advice product={product} />
                  </td>
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
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

export function Advice({ product }: { product: ProductAnalytics }) {
  const quadrant = product.quadrant ?? "unspecified";
  return (
    <>
      <span className={`badge badge-quadrant-${quadrant}`}>{named("quadrant", quadrant)}</span>
      {product.advice && <span className="small advice">{product.advice}</span>}
    </>
  );
}
