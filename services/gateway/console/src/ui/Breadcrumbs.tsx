import Right from "lucide-react/icons/chevron-right";
import { Fragment, type ReactNode } from "react";
import { t } from "../i18n";
import "./Breadcrumbs.css";

/** Where a page lies: links from the top down, the last one is the page itself. */
export function Breadcrumbs({ links, here }: { links: readonly ReactNode[]; here: string }) {
  return (
    <nav aria-label={t("ui.breadcrumbs")}>
      <ol className="breadcrumbs">
        {links.map((link, at) => (
          <Fragment key={at}>
            <li>{link}</li>
            <li aria-hidden="true"><Right size={13} /></li>
          </Fragment>
        ))}
        <li aria-current="page">{here}</li>
      </ol>
    </nav>
  );
}
