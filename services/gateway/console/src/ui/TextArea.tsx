import type { ComponentProps } from "react";
import { TextArea as AriaTextArea } from "react-aria-components";
import { RuledField, type TextField } from "./TextField";

interface Props extends ComponentProps<typeof TextField> {
  lines?: number;
}

export function TextArea({ lines = 4, placeholder, ...rest }: Props) {
  return (
    <RuledField {...rest}>
      <AriaTextArea className="input" rows={lines} placeholder={placeholder} />
    </RuledField>
  );
}
