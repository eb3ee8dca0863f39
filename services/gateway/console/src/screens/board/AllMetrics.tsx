import { CheckboxGroup } from "react-aria-components";
import type { Registry } from "../../api/queries";
import { named, t } from "../../i18n";
import { Checkbox } from "../../ui/Checkbox";
import { Sheet } from "../../ui/Sheet";
import { GROUPS } from "../live/groups";
import type { Freshness } from "./asOf";
import { Tile } from "./Tile";

interface Props {
  isOpen: boolean;
  onClose: () => void;
  freshness: Freshness;
  metrics: Registry;
  chosen: readonly string[];
  onChange: (names: string[]) => void;
  most: number;
}

/** Every metric that this session can have, by group: its number now, and whether it stands among the charts. */
export function AllMetrics({ isOpen, onClose, freshness, metrics, chosen, onChange, most }: Props) {
  const { core } = freshness.board;
  // What an account of this kind cannot have, such as a shop's own account a commission, is no metric of it.
  const known = core.filter((one) => one.missing !== "not_applicable").map((one) => one.metric);
  const change = (names: string[]) => onChange([...chosen.filter((name) => names.includes(name)), ...names.filter((name) => !chosen.includes(name))]);
  return (
    <Sheet title={t("all-metrics")} isOpen={isOpen} onClose={onClose}>
      <p className="muted small">{t("all-metrics.hint", { n: most })}</p>
      <CheckboxGroup aria-label={t("all-metrics")} value={[...chosen]} onChange={change} className="all-metrics">
        {GROUPS.map((group) => (
          <section key={group} aria-labelledby={`all-${group}`}>
            <h3 id={`all-${group}`}>{named("group", group)}</h3>
            {known.filter((name) => metrics.get(name)?.group === group).map((name) => (
              <div key={name} className="all-row">
                <Checkbox
                  value={name}
                  aria-label={t("all-metrics.chart", { title: metrics.get(name)?.title ?? name })}
                  isDisabled={chosen.length >= most && !chosen.includes(name)}
                />
                <Tile name={name} metric={metrics.get(name)} freshness={freshness} />
              </div>
            ))}
          </section>
        ))}
      </CheckboxGroup>
    </Sheet>
  );
}
