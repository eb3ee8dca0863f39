import type { ReactNode } from "react";
import "./EmptyState.css";

interface Props {
  icon?: ReactNode;
  /** One sentence: what would be here. */
  title: string;
  /** It is all that the page has, so its title is the page's. */
  isPage?: boolean;
  /** What to do about it. */
  children?: ReactNode;
}

export function EmptyState({ icon, title, isPage = false, children }: Props) {
  const Title = isPage ? "h1" : "p";
  return (
    <div className="empty">
      {icon && <span className="empty-icon">{icon}</span>}
      <Title className="empty-title">{title}</Title>
      {children}
    </div>
  );
}
