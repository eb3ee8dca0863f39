import type { ReactNode } from "react";
import { Switch as AriaSwitch, type SwitchProps } from "react-aria-components";
import "./Switch.css";

interface Props extends Omit<SwitchProps, "children" | "className"> {
  children: ReactNode;
  /** A second, quieter line. */
  hint?: ReactNode;
}

/** Holds at once, unlike a checkbox in a form that is saved. */
export function Switch({ children, hint, ...rest }: Props) {
  return (
    <AriaSwitch {...rest} className="switch">
      <span className="switch-track" aria-hidden="true"><span className="switch-knob" /></span>
      <span className="switch-text">
        {children}
        {hint && <span className="muted small">{hint}</span>}
      </span>
    </AriaSwitch>
  );
}
