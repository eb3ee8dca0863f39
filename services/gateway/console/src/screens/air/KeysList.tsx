import { type Key, t } from "../../i18n";
import { Checkbox } from "../../ui/Checkbox";
import { Kbd } from "../../ui/Kbd";
import "../../words/desk";

const LISTED: readonly [string, Key][] = [
  ["?", "keys.help"],
  ["/", "keys.search"],
  ["A", "keys.add"],
  ["W", "keys.write"],
  ["B", "keys.board"],
  ["1 – 9", "keys.pin"],
  ["N", "keys.needs"],
  ["Tab", "keys.tab"],
  ["← →", "keys.arrows"],
  ["Enter", "keys.drag"],
  ["Esc", "keys.escape"],
];

export interface KeysListProps {
  on: boolean;
  onChange: (on: boolean) => void;
}

/** What each key does, and whether the keys are on. */
export function KeysList({ on, onChange }: KeysListProps) {
  return (
    <>
      <dl className="keys">
        {LISTED.map(([key, text]) => (
          <div key={key}>
            <dt><Kbd>{key}</Kbd></dt>
            <dd>{t(text)}</dd>
          </div>
        ))}
      </dl>
      <Checkbox isSelected={on} onChange={onChange}>{t("keys.on")}</Checkbox>
    </>
  );
}
