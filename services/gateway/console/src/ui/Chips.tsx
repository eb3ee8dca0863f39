import { ToggleButton, ToggleButtonGroup } from "react-aria-components";
import type { Choice } from "./Choice";
import "./Chips.css";
import "./Tabs.css";

interface Chip<T extends string> extends Choice<T> {
  count?: string | number;
}

interface Props<T extends string> {
  label: string;
  chips: readonly Chip<T>[];
  chosen: readonly T[];
  onChange: (chosen: T[]) => void;
  /** One at a time, of which one always holds. */
  single?: boolean;
}

/** Filters side by side, with how much each would show. */
export function Chips<T extends string>({ label, chips, chosen, onChange, single = false }: Props<T>) {
  return (
    <ToggleButtonGroup
      aria-label={label}
      className="chips"
      selectionMode={single ? "single" : "multiple"}
      disallowEmptySelection={single}
      selectedKeys={chosen}
      onSelectionChange={(keys) => onChange(chips.map((chip) => chip.id).filter((id) => keys.has(id)))}
    >
      {chips.map((chip) => (
        <ToggleButton key={chip.id} id={chip.id} isDisabled={chip.isDisabled} className="chip">
          {chip.text}
          {chip.count !== undefined && <span className="count">{chip.count}</span>}
        </ToggleButton>
      ))}
    </ToggleButtonGroup>
  );
}
