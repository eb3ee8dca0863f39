import { CheckboxGroup } from "react-aria-components";
import type { Registry } from "../../api/queries";
import { named, t } from "../../i18n";
import { Checkbox } from "../../ui/Checkbox";
import { MetricTip } from "../../ui/MetricTip";
import { GROUPS } from "./groups";
import "../../words/sessions";

export interface ColumnListProps {
  metrics: Registry;
  chosen: string[];
  onChange: (names: string[]) => void;
  label: string;
  most: number;
}

/** Metrics to choose from, by group, in the registry's order. */
export function ColumnList({ metrics, chosen, onChange, label, most }: ColumnListProps) {
  const all = [...metrics.values()].filter((metric) => metric.scopes?.includes("session") ?? true);
  const order = (names: string[]) => all.map((metric) => metric.name).filter((name) => names.includes(name));
  return (
    <>
      <CheckboxGroup aria-label={label} value={chosen} onChange={(names) => onChange(order(names))}>
        {GROUPS.map((group) => (
          <section key={group} className="columns-group">
            <h3>{named("group", group)}</h3>
            {all.filter((metric) => metric.group === group).map((metric) => (
              <div key={metric.name} className="columns-row">
                <Checkbox value={metric.name} isDisabled={chosen.length >= most && !chosen.includes(metric.name)}>{metric.title}</Checkbox>
                <MetricTip metric={metric} />
              </div>
            ))}
          </section>
        ))}
      </CheckboxGroup>
      <p className="muted small">{t("columns.most", { n: most })}</p>
    </>
  );
}
