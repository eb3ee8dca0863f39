import type { ReactNode } from "react";
import "./EmptyState.css";

interface Props {
  icon?: ReactNode;
  /** One sentence: what would be here. */
  title: string;
  /** What to do about it. */
  children?: ReactNode;
}

export function EmptyState({ icon, title, children }: Props) {
  return (
    <div className="empty">
      {icon && <span className="empty-icon">{icon}</span>}
      <p className="empty-title">{title}</p>
      {children}
    </div>
  );
}
