import type { ReactNode } from "react";
import "./Badge.css";

export type Tone = "neutral" | "accent" | "good" | "warn" | "bad" | "info" | "live" | "on-air";

interface Props {
  children: ReactNode;
  tone?: Tone;
  icon?: ReactNode;
  /** A dot before the words; that of what is on air pulses. */
  dot?: boolean;
  /** What it means, for who points at it. */
  title?: string;
}

/** A word or two about how something stands. `on-air` is the loudest: red and filled. */
export function Badge({ children, tone = "neutral", icon, dot = false, title }: Props) {
  return (
    <span className={`badge badge-${tone}`} title={title}>
      {dot && <span className="dot" aria-hidden="true" />}
      {icon}
      {children}
    </span>
  );
}
