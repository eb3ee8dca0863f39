import { Link } from "@tanstack/react-router";
import Feed from "lucide-react/icons/messages-square";
import type { Board } from "../../api/types";
import { t } from "../../i18n";
import { clock, DASH, date, duration, zoned } from "../../lib/format";
import { useNow } from "../../lib/now";
import { Connection } from "../../live/Connection";
import type { Live } from "../../live/useLive";
import { SessionBadges } from "../../ui/SessionBadges";
import { IconButton } from "../../ui/IconButton";
import { FullScreen } from "../../ui/FullScreen";
import { ThemeButton } from "../../ui/ThemeButton";

interface Props {
  board: Board;
  live: Live;
  feedShown: boolean;
  onFeed: () => void;
}

/** The moment that "now" means on a board: the browser's clock, or how far a recording has been played, as its newest
 * signals or the newest activity tell. */
export function boardNow(board: Board, now: number, newest = ""): number {
  const { session, watermark } = board;
  if (session.end_time) return Date.parse(session.end_time);
  if (session.source === "live") return now;
  const known = [watermark?.signals_time, session.start_time, newest].map((time) => Date.parse(time || ""));
  return Math.max(...known.filter(Number.isFinite));
}

/** How far a running replay has been played: never before a pin that it has shown. */
export function playedUntil(board: Board): string | undefined {
  const pins = board.pins.flatMap((pin) => [pin.start_time, pin.end_time]).map((time) => Date.parse(time || ""));
  const reached = Math.max(boardNow(board, Date.now()), ...pins.filter(Number.isFinite));
  return Number.isFinite(reached) ? new Date(reached).toISOString() : undefined;
}

export function TopBar({ board, live, feedShown, onFeed }: Props) {
  const { session } = board;
  const now = useNow(session.state === "live");
  const start = session.start_time;
  return (
    <header className="board-top">
      <div className="board-name">
        <h1>{session.title}</h1>
        <SessionBadges session={session}>
          <Connection live={live} />
        </SessionBadges>
      </div>
      <dl className="board-facts">
        <Fact name={t("board.date")} value={start ? date(start) : DASH} />
        <Fact name={t("board.start")} value={start ? zoned(start) : DASH} />
        <Fact
          name={t("board.duration")}
          value={start ? duration((boardNow(board, now, live.feed.items[0]?.time) - Date.parse(start)) / 1000) : DASH}
        />
      </dl>
      <div className="board-tools">
        {session.state === "ended" && (
          <Link to="/live/$sessionId/review" params={{ sessionId: session.session_id }} className="button button-secondary button-small">
            {t("board.review")}
          </Link>
        )}
        {session.source !== "import" && (
          <IconButton small label={t("board.feed")} aria-pressed={feedShown} icon={<Feed size={16} aria-hidden />} onPress={onFeed} />
        )}
        <ThemeButton />
        <FullScreen />
      </div>
    </header>
  );
}

export function Fact({ name, value, strong = false }: { name: string; value: string; strong?: boolean }) {
  return (
    <div className={strong ? "fact fact-strong" : "fact"}>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

/** "as of 12:03:07": how far the numbers of a board go; nothing while no viewer's signals have come. */
export function freshness(board: Board): string {
  const { watermark } = board;
  if (!board.session.start_time) return t("fresh.not-on-air");
  if (!watermark) return "";
  return watermark.signals_time ? t("fresh.time", { time: clock(watermark.signals_time) }) : "";
}

/** The same in full: what the numbers of a board include. */
export function freshnessHint(board: Board): string {
  const { watermark } = board;
  if (!board.session.start_time) return t("fresh.not-on-air");
  if (!watermark) return "";
  const facts = t("fresh.facts");
  const signals = watermark.signals_time
    ? t("fresh.signals", { time: zoned(watermark.signals_time) })
    : t("fresh.no-signals");
  return `${facts} ${signals}`;
}

/** The watermark of a group of numbers, in the group's header. */
export function Fresh({ board }: { board: Board }) {
  return <span className="tile-fresh" title={freshnessHint(board)}>{freshness(board)}</span>;
}
