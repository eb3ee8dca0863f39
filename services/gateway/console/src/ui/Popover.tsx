import type { ReactNode } from "react";
import { Dialog, DialogTrigger, Popover as AriaPopover, type PopoverProps } from "react-aria-components";
import "./Options.css";

interface Props extends Pick<PopoverProps, "placement"> {
  label: string;
  /** The button that opens it. */
  trigger: ReactNode;
  children: ReactNode;
  className?: string;
}

/** A small window beside the button that opened it. */
export function Popover({ label, trigger, children, className = "", placement = "bottom end" }: Props) {
  return (
    <DialogTrigger>
      {trigger}
      <AriaPopover className={`popover ${className}`.trimEnd()} placement={placement}>
        <Dialog aria-label={label} className="popover-body">{children}</Dialog>
      </AriaPopover>
    </DialogTrigger>
  );
}
