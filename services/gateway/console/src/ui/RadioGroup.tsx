import { Radio, RadioGroup as AriaRadioGroup } from "react-aria-components";
import type { Choice } from "./Choice";
import { FieldFrame, type FieldWords } from "./Field";
import "./RadioGroup.css";

interface Props<T extends string> extends FieldWords {
  value: T;
  choices: readonly Choice<T>[];
  onChange: (value: T) => void;
  isDisabled?: boolean;
}

export function RadioGroup<T extends string>({ value, choices, onChange, isDisabled, problem, ...words }: Props<T>) {
  return (
    <AriaRadioGroup
      className="field"
      value={value}
      isDisabled={isDisabled}
      isInvalid={problem !== undefined}
      validationBehavior="aria"
      onChange={(next) => onChange(next as T)}
    >
      <FieldFrame {...words} problem={problem}>
        <div className="radio-list">
          {choices.map((choice) => (
            <Radio key={choice.id} value={choice.id} isDisabled={choice.isDisabled} className="radio">
              <span className="radio-mark" aria-hidden="true" />
              <span className="switch-text">
                {choice.text}
                {choice.hint && <span className="muted small">{choice.hint}</span>}
              </span>
            </Radio>
          ))}
        </div>
      </FieldFrame>
    </AriaRadioGroup>
  );
}
