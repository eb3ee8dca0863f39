import { Link, useNavigate } from "@tanstack/react-router";
import { useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { access } from "../api/calls";
import { useMe } from "../api/queries";
import { t } from "../i18n";
import { toggleTheme, useTheme } from "../lib/theme";
import { Button } from "./Button";

export function ThemeButton() {
  const theme = useTheme();
  const label = theme === "dark" ? t("theme.light") : t("theme.dark");
  return (
    <Button kind="quiet" small aria-label={label} onPress={toggleTheme}>
      <span aria-hidden="true" className={`icon icon-${theme}`} />
    </Button>
  );
}

function Account() {
  const me = useMe();
  const navigate = useNavigate();
  const cache = useQueryClient();
  if (!me.data) return null;
  const leave = async () => {
    await access.signOut().catch(() => undefined);
    cache.clear();
    await navigate({ to: "/sign-in" });
  };
  return (
    <>
      <span className="muted shell-user">{me.data.user.name || me.data.user.email}</span>
      <Button kind="quiet" small onPress={leave}>
        {t("sign-out")}
      </Button>
    </>
  );
}

interface ShellProps {
  children: ReactNode;
}

/** The frame of every page that does not fill a window of its own. */
export function Shell({ children }: ShellProps) {
  return (
    <div className="shell">
      <a className="skip" href="#main" onClick={skipToMain}>
        {t("skip")}
      </a>
      <header className="shell-head">
        <Link to="/" className="brand">
          <img src="./icon.svg" alt="" width="24" height="24" />
          Showfloor
        </Link>
        <nav className="shell-nav" aria-label={t("nav")}>
          <Link to="/live" className="nav-link">
            {t("nav.sessions")}
          </Link>
          <Link to="/analytics/sessions" className="nav-link">
            {t("nav.analytics")}
          </Link>
        </nav>
        <div className="shell-tools">
          <ThemeButton />
          <Account />
        </div>
      </header>
      <main id="main" tabIndex={-1} className="shell-main">
        {children}
      </main>
    </div>
  );
}

/** The address holds the route, so a plain fragment link cannot move the focus. */
function skipToMain(event: React.MouseEvent): void {
  event.preventDefault();
  document.getElementById("main")?.focus();
}
