import { Button } from "react-aria-components";
import type { Choice } from "./Choice";
import "./SegmentedControl.css";

interface Props<T extends string> {
  label: string;
  value: T;
  choices: readonly Choice<T>[];
  onChange: (value: T) => void;
}

/** A few choices side by side, of which one holds. */
export function SegmentedControl<T extends string>({ label, value, choices, onChange }: Props<T>) {
  return (
    <div className="segments" role="group" aria-label={label}>
      {choices.map((choice) => (
        <Button
          key={choice.id}
          className="segment"
          isDisabled={choice.isDisabled}
          aria-pressed={choice.id === value}
          onPress={() => onChange(choice.id)}
        >
          {choice.text}
        </Button>
      ))}
    </div>
  );
}
