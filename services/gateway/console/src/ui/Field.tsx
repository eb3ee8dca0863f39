import type { ReactNode } from "react";
import { FieldError, Label, Text } from "react-aria-components";
import "./Field.css";

/** What every field says about itself. */
export interface FieldWords {
  label: string;
  hideLabel?: boolean;
  /** What may be written, below the field. */
  hint?: ReactNode;
  /** Why what is written cannot be taken. */
  problem?: string;
}

/** Label above, control, then the problem or else the hint. */
export function FieldFrame({ label, hideLabel = false, hint, problem, children }: FieldWords & { children: ReactNode }) {
  return (
    <>
      <Label className={hideLabel ? "visually-hidden" : "label"}>{label}</Label>
      {children}
      {hint && !problem && <Text slot="description" className="field-hint">{hint}</Text>}
      {problem && <FieldError className="field-problem">{problem}</FieldError>}
    </>
  );
}
