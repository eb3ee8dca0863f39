import type { ReactNode } from "react";
import "./Kbd.css";

/** A key, as it is printed on the keyboard. */
export const Kbd = ({ children }: { children: ReactNode }) => <kbd className="kbd">{children}</kbd>;
