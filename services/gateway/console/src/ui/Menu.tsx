import { type ReactNode, useRef, useState } from "react";
import { ButtonContext, type ButtonProps, type PressEvent } from "react-aria-components";
import { useWanted } from "../lib/later";
import { over } from "./over";
import type { MenuWindowProps } from "./overlays";
import "./Menu.css";
import "./Options.css";

export interface MenuAction {
  id: string;
  text: string;
  icon?: ReactNode;
  keys?: string;
  /** It takes something away. */
  danger?: boolean;
  isDisabled?: boolean;
  /** A line above sets it apart from what stands before. */
  apart?: boolean;
  onAction: () => void;
}

interface Props {
  label: string;
  /** The button that opens it: by a press, and by the arrows up and down. */
  trigger: ReactNode;
  actions: readonly MenuAction[];
}

const Window = over<MenuWindowProps>(() => import("./overlays").then((file) => file.MenuWindow));
const ARROWS: Record<string, "first" | "last"> = { ArrowDown: "first", ArrowUp: "last" };

export function Menu({ label, trigger, actions }: Props) {
  const [open, setOpen] = useState<MenuWindowProps["first"] | null>(null);
  const anchor = useRef<HTMLButtonElement>(null);
  const wanted = useWanted(open !== null, Window);
  const button = {
    ref: anchor,
    isPressed: open !== null,
    "aria-haspopup": "menu" as const,
    "aria-expanded": open !== null,
    onPress: ({ pointerType }: PressEvent) => setOpen(pointerType === "keyboard" || pointerType === "virtual" ? "first" : true),
    onKeyDown: ((event) => {
      const end = ARROWS[event.key];
      if (!end) return event.continuePropagation();
      event.preventDefault();
      setOpen(end);
    }) satisfies ButtonProps["onKeyDown"],
  };
  return (
    <>
      <ButtonContext.Provider value={button}>{trigger}</ButtonContext.Provider>
      {wanted && <Window label={label} anchor={anchor} isOpen={open !== null} onClose={() => setOpen(null)} first={open ?? true} actions={actions} />}
    </>
  );
}
