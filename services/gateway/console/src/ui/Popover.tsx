import { type ReactNode, useRef, useState } from "react";
import { ButtonContext, type PopoverProps } from "react-aria-components";
import { useWanted } from "../lib/later";
import { over } from "./over";
import type { PopoverWindowProps } from "./overlays";
import "./Options.css";

interface Props extends Pick<PopoverProps, "placement"> {
  label: string;
  /** The button that opens it. */
  trigger: ReactNode;
  children: ReactNode;
  className?: string;
  /** The class of what is in it. */
  body?: string;
}

const Window = over<PopoverWindowProps>(() => import("./overlays").then((file) => file.PopoverWindow));

/** A small window beside the button that opened it. */
export function Popover({ label, trigger, children, className = "", body = "popover-body", placement = "bottom end" }: Props) {
  const [open, setOpen] = useState(false);
  const anchor = useRef<HTMLButtonElement>(null);
  const wanted = useWanted(open, Window);
  return (
    <>
      <ButtonContext.Provider value={{ ref: anchor, onPress: () => setOpen(true), isPressed: open, "aria-haspopup": "dialog", "aria-expanded": open }}>
        {trigger}
      </ButtonContext.Provider>
      {wanted && (
        <Window label={label} anchor={anchor} isOpen={open} onClose={() => setOpen(false)} placement={placement} className={`popover ${className}`.trimEnd()} body={body}>
          {children}
        </Window>
      )}
    </>
  );
}
