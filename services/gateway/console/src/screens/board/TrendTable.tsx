import { useState } from "react";
import type { Registry } from "../../api/queries";
import type { Trend } from "../../api/types";
import { t } from "../../i18n";
import { minute, reading } from "../../lib/format";

const MOST_ROWS = 240;

interface Props {
  trend: Trend;
  /** How many of its points are over. */
  over: number;
  metrics: Registry;
}

/** The chart's numbers as a table: for screen readers, and for whoever wants the number itself. */
export function TrendTable({ trend, over, metrics }: Props) {
  const [open, setOpen] = useState(false);
  const left = Math.max(0, trend.times.length - MOST_ROWS);
  return (
    <details className="trend-table" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{t("trends.table")}</summary>
      {open && (
        <div className="table-frame table-short" role="region" aria-label={t("trends.table")} tabIndex={0}>
          <table className="table table-tight">
            <thead>
              <tr>
                <th scope="col">{t("trends.time")}</th>
                {trend.series.map((one) => (
                  <th key={one.metric} scope="col" className="number">
                    {metrics.get(one.metric)?.title ?? one.metric}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {trend.times.slice(-MOST_ROWS).map((time, row) => (
                <tr key={time}>
                  <th scope="row" className="tabular">
                    {minute(time)} {left + row >= over && <span className="muted">{t("trends.partial")}</span>}
                  </th>
                  {trend.series.map((one) => (
                    <td key={one.metric} className="number">
                      {reading(
                        { metric: one.metric, ...one.points.slice(-MOST_ROWS)[row] },
                        metrics.get(one.metric)?.unit ?? "count",
                        one.currency,
                      )}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </details>
  );
}
