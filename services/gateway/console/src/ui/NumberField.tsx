import Minus from "lucide-react/icons/minus";
import Plus from "lucide-react/icons/plus";
import { Button, Group, Input, NumberField as AriaNumberField, type NumberFieldProps } from "react-aria-components";
import { FieldFrame, type FieldWords } from "./Field";
import "./NumberField.css";

interface Props extends Omit<NumberFieldProps, "children" | "className" | "value" | "onChange">, FieldWords {
  /** `null`: nothing has been written. */
  value: number | null;
  onChange: (value: number | null) => void;
  /** Without buttons for one more and one less. */
  plain?: boolean;
}

export function NumberField({ label, hideLabel, hint, problem, value, onChange, plain = false, ...rest }: Props) {
  return (
    <AriaNumberField
      {...rest}
      className="field"
      value={value ?? NaN}
      onChange={(next) => onChange(Number.isNaN(next) ? null : next)}
      isInvalid={problem !== undefined}
      validationBehavior="aria"
    >
      <FieldFrame label={label} hideLabel={hideLabel} hint={hint} problem={problem}>
        <Group className="input input-frame number-input">
          {!plain && <Button slot="decrement" className="input-action"><Minus size={14} aria-hidden /></Button>}
          <Input />
          {!plain && <Button slot="increment" className="input-action"><Plus size={14} aria-hidden /></Button>}
        </Group>
      </FieldFrame>
    </AriaNumberField>
  );
}
