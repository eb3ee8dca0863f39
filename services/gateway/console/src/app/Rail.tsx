import { Link } from "@tanstack/react-router";
import MenuIcon from "lucide-react/icons/menu";
import PanelLeft from "lucide-react/icons/panel-left";
import Search from "lucide-react/icons/search";
import Sliders from "lucide-react/icons/sliders-horizontal";
import { useState } from "react";
import { useMe } from "../api/queries";
import { t } from "../i18n";
import { useStored } from "../lib/stored";
import { Button } from "../ui/Button";
import { IconButton } from "../ui/IconButton";
import { part } from "../ui/part";
import { Popover } from "../ui/Popover";
import { Sheet } from "../ui/Sheet";
import { ThemeButton } from "../ui/ThemeButton";
import { Skeleton } from "../ui/Skeleton";
import { areasFor, type Work } from "./areas";
import { openPalette, preparePalette } from "./opening";
import { useSeats } from "./seats";
import { useSignOut } from "./signOut";
import { Switcher } from "./Switcher";
import "./rail.css";

const isBoolean = (value: unknown): value is boolean => typeof value === "boolean";

/** The left rail, wide or of icons alone; on a narrow screen a bar on top, whose sheet holds the same. */
export function Rail() {
  const [narrow, setNarrow] = useStored("rail-narrow", false, isBoolean);
  const [open, setOpen] = useState(false);
  const seats = useSeats();
  const { work } = seats;
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
        <Find narrow={narrow} />
        <Areas work={work} narrow={narrow} />
        <Account narrow={narrow} />
      </div>
      <header className="topbar">
        <Brand />
        <span className="topbar-tools">
        <IconButton label={t("palette.open")} icon={<Search size={20} aria-hidden />} onPress={openPalette} />
        <IconButton label={t("rail.open")} icon={<MenuIcon size={20} aria-hidden />} onPress={() => setOpen(true)} />
        </span>
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
      {areasFor(work).map(({ id, name, icon: Icon, pages, opens = pages[0]!.to }) =>
        narrow ? (
          <Link key={id} to={opens} className="rail-link" aria-label={t(name)} title={t(name)}>
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
  const leave = useSignOut();
  return (
    <div className="rail-foot">
      {me.data && !narrow && (
        <>
          <span className="muted small rail-user">{me.data.user.name || me.data.user.email}</span>
          <Button kind="quiet" small onPress={leave}>{t("sign-out")}</Button>
        </>
      )}
      <Looks />
      <ThemeButton />
    </div>
  );
}

const LooksForm = part(() => import("./LooksForm").then((module) => module.LooksForm), () => <div className="looks"><Skeleton lines={6} /></div>);

function Looks() {
  return (
    <Popover
      label={t("looks")}
      placement="top start"
      trigger={<Button kind="quiet" className="icon-button" aria-label={t("looks")} icon={<Sliders size={18} aria-hidden />} />}
    >
      <LooksForm />
    </Popover>
  );
}

/** As people write it where they are. */
const keysOf = () => (/Mac|iPhone|iPad/.test(navigator.userAgent) ? "⌘ K" : "Ctrl K");

/** Opens the palette; says by which keys it opens, too. */
function Find({ narrow }: { narrow: boolean }) {
  const ways = { onPress: openPalette, onHoverStart: preparePalette, onFocus: preparePalette };
  if (narrow) return <IconButton label={t("palette.open")} keys={keysOf()} icon={<Search size={18} aria-hidden />} {...ways} />;
  return (
    <Button className="rail-find" icon={<Search size={16} aria-hidden />} aria-keyshortcuts="Control+K Meta+K" {...ways}>
      <span className="rail-find-text">{t("palette.open")}</span>
      <kbd className="kbd" translate="no">{keysOf()}</kbd>
    </Button>
  );
}
