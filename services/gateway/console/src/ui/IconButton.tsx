import type { ReactNode } from "react";
import { TooltipTrigger } from "react-aria-components";
import { Button, type ButtonProps } from "./Button";
import { Tooltip } from "./Tooltip";

interface Props extends Omit<ButtonProps, "icon" | "children"> {
  /** What it does: read out, and shown on hover and on focus. */
  label: string;
  icon: ReactNode;
  /** A key that does the same. */
  keys?: string;
}

export function IconButton({ label, icon, keys, kind = "quiet", className = "", ...rest }: Props) {
  return (
    <TooltipTrigger delay={400} closeDelay={50}>
      <Button {...rest} kind={kind} aria-label={label} icon={icon} className={`icon-button ${className}`.trimEnd()} />
      <Tooltip>
        <span>{label}</span>
        {keys && <kbd className="kbd">{keys}</kbd>}
      </Tooltip>
    </TooltipTrigger>
  );
}
