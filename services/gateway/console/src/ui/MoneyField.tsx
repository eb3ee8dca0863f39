import { EXPONENTS } from "../lib/currencies";
import { NumberField } from "./NumberField";
import type { FieldWords } from "./Field";

interface Props extends FieldWords {
  /** Minor units, as everywhere: 1999 USD are $19.99; 500 JPY are ¥500. `null`: nothing has been written. */
  value: number | null;
  currency: string;
  onChange: (minor: number | null) => void;
  isRequired?: boolean;
  isDisabled?: boolean;
  autoFocus?: boolean;
  /** The most that may be written, in minor units. */
  most?: number;
}

export function MoneyField({ value, currency, onChange, most, ...rest }: Props) {
  const digits = EXPONENTS[currency] ?? 2;
  const unit = 10 ** digits;
  return (
    <NumberField
      {...rest}
      plain
      minValue={0}
      maxValue={most === undefined ? undefined : most / unit}
      step={1 / unit}
      formatOptions={{ style: "currency", currency, minimumFractionDigits: digits, maximumFractionDigits: digits }}
      value={value === null ? null : value / unit}
      onChange={(major) => onChange(major === null ? null : Math.round(major * unit))}
    />
  );
}
