import type { ReactNode } from "react";
import { useWanted } from "../lib/later";
import { over } from "./over";
import "./Dialog.css";
import "./Sheet.css";

export interface SheetProps {
  title: string;
  isOpen: boolean;
  onClose: () => void;
  /** Where it comes from: the side for details beside a list, the bottom on a phone. */
  from?: "side" | "bottom";
  children: ReactNode;
  /** Buttons that stay in sight while the rest scrolls. */
  foot?: ReactNode;
}

const Window = over<SheetProps>(() => import("./overlays").then((file) => file.SheetWindow));

export function Sheet(props: SheetProps) {
  return useWanted(props.isOpen, Window) && <Window {...props} />;
}
