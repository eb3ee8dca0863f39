import Chevron from "lucide-react/icons/chevron-down";
import { Button, ComboBox as AriaComboBox, Group, Input, Popover } from "react-aria-components";
import { t } from "../i18n";
import type { Choice } from "./Choice";
import { FieldFrame, type FieldWords } from "./Field";
import { Options } from "./Options";

interface Props<T extends string> extends FieldWords {
  value: T | null;
  choices: readonly Choice<T>[];
  onChange: (value: T | null) => void;
  placeholder?: string;
  isDisabled?: boolean;
}

/** A Select for many choices: typing finds them. */
export function ComboBox<T extends string>({ value, choices, onChange, placeholder, isDisabled, problem, ...words }: Props<T>) {
  return (
    <AriaComboBox
      className="field"
      value={value}
      isDisabled={isDisabled}
      isInvalid={problem !== undefined}
      allowsEmptyCollection
      menuTrigger="focus"
      onChange={(key) => onChange(key as T | null)}
    >
      <FieldFrame {...words} problem={problem}>
        <Group className="input input-frame">
          <Input placeholder={placeholder} />
          <Button className="input-action"><Chevron size={16} aria-hidden /></Button>
        </Group>
      </FieldFrame>
      <Popover className="popover">
        <Options choices={choices} empty={t("ui.no-choice")} />
      </Popover>
    </AriaComboBox>
  );
}
