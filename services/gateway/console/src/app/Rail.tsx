import { Link, useNavigate } from "@tanstack/react-router";
import { useQueryClient } from "@tanstack/react-query";
import MenuIcon from "lucide-react/icons/menu";
import PanelLeft from "lucide-react/icons/panel-left";
import { useState } from "react";
import { access } from "../api/calls";
import { useMe } from "../api/queries";
import { t } from "../i18n";
import { useStored } from "../lib/stored";
import { Button } from "../ui/Button";
import { IconButton } from "../ui/IconButton";
import { Sheet } from "../ui/Sheet";
import { ThemeButton } from "../ui/ThemeButton";
import { areasFor, type Work } from "./areas";
import { useSeats } from "./seats";
import { Switcher } from "./Switcher";
import "./rail.css";

const isBoolean = (value: unknown): value is boolean => typeof value === "boolean";

/** The left rail, wide or of icons alone; on a narrow screen a bar on top, whose sheet holds the same. */
export function Rail() {
  const [narrow, setNarrow] = useStored("rail-narrow", false, isBoolean);
  const [open, setOpen] = useState(false);
  const seats = useSeats();
  const work = seats.seat?.work ?? "shop";
  return (
    <>
      <div className={narrow ? "rail rail-narrow" : "rail"}>
        <div className="rail-head">
          <Brand />
          <IconButton
            label={t(narrow ? "rail.widen" : "rail.narrow")}
            icon={<PanelLeft size={18} aria-hidden />}
            onPress={() => setNarrow(!narrow)}
          />
        </div>
        {!narrow && <Switcher {...seats} />}
        <Areas work={work} narrow={narrow} />
        <Account narrow={narrow} />
      </div>
      <header className="topbar">
        <Brand />
        <IconButton label={t("rail.open")} icon={<MenuIcon size={20} aria-hidden />} onPress={() => setOpen(true)} />
        <Sheet title={t("nav")} isOpen={open} onClose={() => setOpen(false)}>
          <div className="rail-sheet">
            <Switcher {...seats} />
            <Areas work={work} narrow={false} onGone={() => setOpen(false)} />
            <Account narrow={false} />
          </div>
        </Sheet>
      </header>
    </>
  );
}

const Brand = () => (
  <Link to="/" className="brand">
    <img src="./icon.svg" alt="" width="24" height="24" />
    <span className="brand-name">Showfloor</span>
  </Link>
);

function Areas({ work, narrow, onGone }: { work: Work; narrow: boolean; onGone?: () => void }) {
  return (
    <nav className="rail-areas" aria-label={t("nav")}>
      {areasFor(work).map(({ id, name, icon: Icon, pages }) =>
        narrow ? (
          <Link key={id} to={pages[0]!.to} className="rail-link" aria-label={t(name)} title={t(name)}>
            <Icon size={18} aria-hidden />
          </Link>
        ) : pages[0]!.name === name ? (
          <Link key={id} to={pages[0]!.to} activeOptions={{ exact: true, includeSearch: false }} className="rail-link rail-alone" onClick={onGone}>
            <Icon size={18} aria-hidden />
            {t(name)}
          </Link>
        ) : (
          <section key={id} aria-label={t(name)}>
            <p className="rail-area">
              <Icon size={18} aria-hidden />
              {t(name)}
            </p>
            {pages.map((page) => (
              <Link key={page.to} to={page.to} activeOptions={{ exact: true, includeSearch: false }} className="rail-link" onClick={onGone}>
                {t(page.name)}
              </Link>
            ))}
          </section>
        ),
      )}
    </nav>
  );
}

function Account({ narrow }: { narrow: boolean }) {
  const me = useMe();
  const navigate = useNavigate();
  const cache = useQueryClient();
  const leave = async () => {
    await access.signOut().catch(() => undefined);
    cache.clear();
    await navigate({ to: "/sign-in" });
  };
  return (
    <div className="rail-foot">
      {me.data && !narrow && (
        <>
          <span className="muted small rail-user">{me.data.user.name || me.data.user.email}</span>
          <Button kind="quiet" small onPress={leave}>{t("sign-out")}</Button>
        </>
      )}
      <ThemeButton />
    </div>
  );
}
