import Home from "lucide-react/icons/arrow-left";
import Board_ from "lucide-react/icons/chart-line";
import Share from "lucide-react/icons/share-2";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Board, Session } from "../../api/types";
import { t } from "../../i18n";
import { DASH, date, duration, reading, zoned } from "../../lib/format";
import { useNow } from "../../lib/now";
import { openBoard } from "../../lib/windows";
import { Connection } from "../../live/Connection";
import type { Live } from "../../live/useLive";
import { SessionBadges } from "../../ui/SessionBadges";
import { Button } from "../../ui/Button";
import { FullScreen } from "../../ui/FullScreen";
import { Popover } from "../../ui/Popover";
import { ThemeButton } from "../../ui/ThemeButton";
import { ViewersLink } from "../../ui/ViewersLink";
import { boardNow, Fact } from "../board/TopBar";
import { Title } from "./Title";

interface Props {
  session: Session;
  board: Board | undefined;
  live: Live;
  /** The page is the LIVE's own window: no way out of it by mistake. */
  own: boolean;
  /** More tools, at the end. */
  children?: ReactNode;
}

/** What this LIVE is, how it stands, and the ways to look at it. */
export function RoomBar({ session, board, live, own, children }: Props) {
  const id = session.session_id;
  return (
    <header className="room-bar">
      {!own && (
        <Link to="/live" className="room-home" aria-label={t("desk.home")} title={t("desk.home")}>
          <Home size={18} aria-hidden />
        </Link>
      )}
      <div className="room-name">
        <Title session={session} />
        <SessionBadges session={{ ...session, no_sign_of_life_since: board?.session.no_sign_of_life_since }}>
          <Connection live={live} />
        </SessionBadges>
      </div>
      <Facts session={session} board={board} newest={live.feed.items[0]?.time} />
      <div className="room-tools" role="group" aria-label={t("desk.tools")}>
        <Popover label={t("viewers.link")} trigger={<Button small icon={<Share aria-hidden />}>{t("viewers.share")}</Button>}>
          <ViewersLink sessionId={id} open={session.state === "live"} />
        </Popover>
        <Button small icon={<Board_ aria-hidden />} onPress={() => openBoard(id)}>{t("board.open")}</Button>
        {children}
        <ThemeButton />
        <FullScreen />
      </div>
    </header>
  );
}

function Facts({ session, board, newest }: { session: Session; board: Board | undefined; newest: string | undefined }) {
  const onAir = session.state === "live";
  const now = useNow(onAir);
  const start = session.start_time;
  const value = (name: string) => board?.core.find((one) => one.metric === name);
  const lasted = start && board ? (boardNow(board, now, newest) - Date.parse(start)) / 1000 : null;
  return (
    <dl className="board-facts">
      <Fact name={t("board.date")} value={start ? date(start) : DASH} />
      <Fact name={t("board.start")} value={start ? zoned(start) : DASH} />
      <Fact name={t("board.duration")} value={lasted === null ? DASH : duration(lasted)} />
      <Fact name={t("board.viewers")} value={onAir ? reading(value("viewers_now"), "count") : DASH} strong />
      <Fact name={t("board.gmv")} value={reading(value("gmv"), "money", session.currency)} strong />
    </dl>
  );
}
