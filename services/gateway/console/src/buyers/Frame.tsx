import type { AnchorHTMLAttributes, MouseEvent, ReactNode } from "react";
import { t } from "../i18n";
import { ThemeButton } from "../ui/ThemeButton";
import { go, LIST } from "./paths";

interface LinkProps extends AnchorHTMLAttributes<HTMLAnchorElement> {
  to: string;
}

/** A link within the buyers' pages: a plain press changes the page, anything else is the browser's. */
export function Link({ to, ...rest }: LinkProps) {
  const press = (event: MouseEvent) => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    go(to);
  };
  return <a {...rest} href={to} onClick={press} />;
}

/** The frame of every page for buyers. */
export function Frame({ children }: { children: ReactNode }) {
  const skip = (event: MouseEvent) => {
    event.preventDefault();
    document.getElementById("main")?.focus();
  };
  return (
    <div className="frame">
      <a className="skip" href="#main" onClick={skip}>{t("skip")}</a>
      <header className="shell-head">
        <Link to={LIST} className="brand">
          <img src="./icon.svg" alt="" width="24" height="24" />
          Showfloor
        </Link>
        <div className="shell-tools">
          <ThemeButton />
        </div>
      </header>
      <main id="main" tabIndex={-1} className="shell-main">{children}</main>
    </div>
  );
}
