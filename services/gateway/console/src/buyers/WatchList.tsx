import Radio from "lucide-react/icons/radio";
import Moon from "lucide-react/icons/moon";
import Sun from "lucide-react/icons/sun";
import type { LiveNow } from "../api/types";
import { watch } from "../api/watch";
import { t } from "../i18n";
import { zoned } from "../lib/format";
import { toggleTheme, useTheme } from "../lib/theme";
import { useTitle } from "../lib/title";
import { hue, initials } from "../ui/initials";
import { useAsked } from "./asked";
import { LIST, roomPath } from "./paths";
import { told } from "./told";

const EVERY_MS = 10_000;

/** What is on air. */
export function WatchList() {
  useTitle(t("watch"));
  const { data, error, again } = useAsked(watch.list, EVERY_MS, (_known, next) => next);
  return (
    <div className="lives">
      <header className="lives-head">
        <a href={LIST} className="brand"><img src="./icon.svg" alt="" width="28" height="28" />Showfloor</a>
        <ThemeSwitch />
      </header>
      <main id="main" tabIndex={-1}>
        <h1>{t("watch")}</h1>
        {error !== undefined && (
          <div className="lives-wrong" role="alert">
            <p>{told(error)}</p>
            <button type="button" className="plain" onClick={again}>{t("action.retry")}</button>
          </div>
        )}
        {data ? <Cards sessions={data.sessions} /> : error === undefined && <Loading />}
      </main>
    </div>
  );
}

function Cards({ sessions }: { sessions: LiveNow[] }) {
  if (sessions.length === 0)
    return (
      <div className="note">
        <Radio size={40} aria-hidden />
        <p className="note-title">{t("watch.none")}</p>
        <p>{t("watch.none-hint")}</p>
      </div>
    );
  return (
    <ul className="cards">
      {sessions.map((one) => (
        <li key={one.session_id}>
          <a href={roomPath(one.session_id)} className="lcard">
            <span className={`lcard-picture hue-${hue(one.title)}`}>
              <span className="live-badge">{one.source === "replay" ? t("source.replay") : t("state.live")}</span>
              <span className="lcard-letters" translate="no" aria-hidden="true">{initials(one.title)}</span>
            </span>
            <strong dir="auto">{one.title}</strong>
            {one.simulated && <span className="lcard-start">{t("source.simulated")}</span>}
            {one.start_time && <span className="lcard-start">{t("session.started", { time: zoned(one.start_time) })}</span>}
          </a>
        </li>
      ))}
    </ul>
  );
}

const Loading = () => (
  <div className="cards skeletons" role="status">
    <span className="visually-hidden">{t("loading")}</span>
    {[1, 2, 3].map((one) => <span key={one} className="lcard-picture skeleton" />)}
  </div>
);

function ThemeSwitch() {
  const dark = useTheme() === "dark";
  return (
    <button type="button" className="round" aria-label={t(dark ? "theme.light" : "theme.dark")} onClick={toggleTheme}>
      {dark ? <Sun size={20} aria-hidden /> : <Moon size={20} aria-hidden />}
    </button>
  );
}
