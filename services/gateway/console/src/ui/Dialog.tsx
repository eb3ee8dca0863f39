import type { ReactNode } from "react";
import { useWanted } from "../lib/later";
import { over } from "./over";
import "./Dialog.css";

export interface DialogProps {
  title: string;
  isOpen: boolean;
  onClose: () => void;
  wide?: boolean;
  /** Only a button of its own closes it. */
  stays?: boolean;
  children: ReactNode;
}

const Window = over<DialogProps>(() => import("./overlays").then((file) => file.DialogWindow));

export function Dialog(props: DialogProps) {
  return useWanted(props.isOpen, Window) && <Window {...props} />;
}
