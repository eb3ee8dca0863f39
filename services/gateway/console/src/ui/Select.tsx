import Chevron from "lucide-react/icons/chevron-down";
import { Button, Popover, Select as AriaSelect, SelectValue } from "react-aria-components";
import type { Choice } from "./Choice";
import { FieldFrame, type FieldWords } from "./Field";
import { Options } from "./Options";
import "./Select.css";

interface Props<T extends string> extends FieldWords {
  value: T;
  choices: readonly Choice<T>[];
  onChange: (value: T) => void;
  isDisabled?: boolean;
}

export function Select<T extends string>({ value, choices, onChange, isDisabled, problem, ...words }: Props<T>) {
  return (
    <AriaSelect
      className="field"
      value={value}
      isDisabled={isDisabled}
      isInvalid={problem !== undefined}
      onChange={(key) => key !== null && onChange(key as T)}
    >
      <FieldFrame {...words} problem={problem}>
        <Button className="input select-button">
          <SelectValue className="select-value">{({ selectedText }) => selectedText}</SelectValue>
          <Chevron size={16} aria-hidden />
        </Button>
      </FieldFrame>
      <Popover className="popover">
        <Options choices={choices} />
      </Popover>
    </AriaSelect>
  );
}
