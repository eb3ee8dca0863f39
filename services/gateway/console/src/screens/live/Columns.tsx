import { Button as AriaButton, CheckboxGroup, Dialog, DialogTrigger, Popover } from "react-aria-components";
import type { Registry } from "../../api/queries";
import { named, t } from "../../i18n";
import { Checkbox } from "../../ui/Checkbox";
import { MetricTip } from "../../ui/MetricTip";

interface Props {
  metrics: Registry;
  chosen: string[];
  onChange: (names: string[]) => void;
  label?: string;
  most?: number;
}

export const GROUPS = ["sales", "traffic", "engagement", "products"] as const;

/** Metrics to choose from, by group, in the registry's order. */
export function Columns({ metrics, chosen, onChange, label = t("columns"), most = 12 }: Props) {
  const all = [...metrics.values()].filter((metric) => metric.scopes?.includes("session") ?? true);
  const order = (names: string[]) => all.map((metric) => metric.name).filter((name) => names.includes(name));
  return (
    <DialogTrigger>
      <AriaButton className="button button-secondary">
        {label} <span className="muted">{chosen.length}</span>
      </AriaButton>
      <Popover className="popover popover-columns" placement="bottom end">
        <Dialog aria-label={label} className="columns">
          <CheckboxGroup aria-label={label} value={chosen} onChange={(names) => onChange(order(names))}>
            {GROUPS.map((group) => (
              <section key={group} className="columns-group">
                <h3>{named("group", group)}</h3>
                {all
                  .filter((metric) => metric.group === group)
                  .map((metric) => (
                    <div key={metric.name} className="columns-row">
                      <Checkbox
                        value={metric.name}
                        isDisabled={chosen.length >= most && !chosen.includes(metric.name)}
                      >
                        {metric.title}
                      </Checkbox>
                      <MetricTip metric={metric} />
                    </div>
                  ))}
              </section>
            ))}
          </CheckboxGroup>
          <p className="muted small">{t("columns.most", { n: most })}</p>
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}
