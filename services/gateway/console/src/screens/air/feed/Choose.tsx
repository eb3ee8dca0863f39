import { Select } from "../../../ui/Select";
import type { Input } from "./inputs";

export interface ChooseProps {
  label: string;
  none: string;
  inputs: readonly Input[];
  value: string;
  onChange: (id: string) => void;
}

/** Which of the cameras or microphones. */
export function Choose({ label, none, inputs, value, onChange }: ChooseProps) {
  if (inputs.length === 0) return <p className="muted small">{none}</p>;
  const choices = inputs.map(({ id, label: text }, place) => ({ id, text: text || `${label} ${place + 1}` }));
  return <Select label={label} value={value} choices={choices} onChange={onChange} />;
}
