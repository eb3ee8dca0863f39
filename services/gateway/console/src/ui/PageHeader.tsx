import type { ReactNode } from "react";
import "./PageHeader.css";
import "./Tabs.css";

interface Props {
  title: ReactNode;
  /** Breadcrumbs above the title. */
  path?: ReactNode;
  /** Badges and facts below the title. */
  facts?: ReactNode;
  /** Buttons; the primary one comes last. */
  actions?: ReactNode;
  /** Links to the parts of the page, each `className="tab"`; the router marks the one that holds. */
  tabs?: ReactNode;
  tabsLabel?: string;
}

export function PageHeader({ title, path, facts, actions, tabs, tabsLabel }: Props) {
  return (
    <header className={tabs ? "page-header page-header-tabs" : "page-header"}>
      {path}
      <div className="page-head">
        <div className="page-title">
          <h1>{title}</h1>
          {facts}
        </div>
        {actions && <div className="page-actions">{actions}</div>}
      </div>
      {tabs && <nav className="tab-list" aria-label={tabsLabel}>{tabs}</nav>}
    </header>
  );
}
