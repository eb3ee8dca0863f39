import Bad from "lucide-react/icons/circle-alert";
import Good from "lucide-react/icons/circle-check";
import Info from "lucide-react/icons/info";
import Warn from "lucide-react/icons/triangle-alert";
import type { ReactNode } from "react";
import "./Banner.css";

const MARKS = { info: Info, good: Good, warn: Warn, bad: Bad };

interface Props {
  tone?: keyof typeof MARKS;
  title?: string;
  children?: ReactNode;
  actions?: ReactNode;
}

/** Something about the whole page or card. A bad one is read out at once. */
export function Banner({ tone = "info", title, children, actions }: Props) {
  const Mark = MARKS[tone];
  return (
    <div className={`banner banner-${tone}`} role={tone === "bad" ? "alert" : "status"}>
      <Mark className="banner-mark" size={18} aria-hidden />
      <div className="banner-text">
        {title && <p className="banner-title">{title}</p>}
        {children}
      </div>
      {actions && <div className="banner-actions">{actions}</div>}
    </div>
  );
}
