import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import { useBoard, useMetrics } from "../../api/queries";
import { OnAir } from "../../app/OnAir";
import { t } from "../../i18n";
import { useTitle } from "../../lib/title";
import { FeedProblem } from "../../live/FeedProblem";
import { useLive } from "../../live/useLive";
import { EmptyState } from "../../ui/EmptyState";
import { SessionProblem } from "../../ui/SessionProblem";
import { TextSize, textSize, useTextSize } from "../../ui/TextSize";
import { ActivityFeed } from "./ActivityFeed";
import type { Freshness } from "./asOf";
import "./board.css";
import { Compared } from "./Compared";
import { Headline } from "./Headline";
import { MinutePanels } from "./Minutes";
import { Suggestions } from "./Suggestions";
import { TopBar } from "./TopBar";
import { useRange } from "./useRange";
import "../../words/activity";
import "../../words/board";
import "../../words/orders";
import "../../words/sessions";
import "../../words/talk";

/** A LIVE in a window of its own: the three questions, then what they rest on. */
export function BoardPage() {
  const { sessionId } = useParams({ from: "/live/$sessionId/board" });
  const board = useBoard(sessionId);
  const metrics = useMetrics();
  const session = board.data?.session;
  const running = session !== undefined && session.state !== "ended";
  const live = useLive(sessionId, running);
  const range = useRange(board.data, running);
  const [size, setSize] = useTextSize();
  const [feedShown, setFeedShown] = useState(true);
  useTitle(session ? t("board.title", { title: session.title }) : t("board"));

  if (board.isPending) return <Waiting />;
  if (!board.data || !session) {
    return <main className="board-wait"><SessionProblem error={board.error} retry={() => void board.refetch()} /></main>;
  }
  const imported = session.source === "import";
  const current = session.state === "live" && session.source === "live" && live.state === "live";
  const freshness: Freshness = { board: board.data, readAt: board.dataUpdatedAt, current };
  const withFeed = feedShown && !imported;
  return (
    <div className="board">
      <OnAir session={sessionId} />
      <TopBar board={board.data} live={live} feedShown={feedShown} onFeed={() => setFeedShown(!feedShown)} />
      <div className={withFeed ? "board-body" : "board-body board-body-wide"}>
        <main className="board-main">
          <FeedProblem live={live} />
          <Headline freshness={freshness} metrics={metrics} />
          {imported ? (
            <section className="panel" aria-label={t("timeline")}><EmptyState title={t("board.imported")} /></section>
          ) : (
            <>
              <MinutePanels freshness={freshness} metrics={metrics} range={range} running={running} />
              <section className="panel" aria-labelledby="suggestions-title">
                <h2 id="suggestions-title" className="panel-head">{t("suggestions")}</h2>
                <Suggestions sessionId={sessionId} metrics={metrics} />
              </section>
            </>
          )}
          <Compared sessionId={sessionId} metrics={metrics} currency={session.currency} />
        </main>
        {withFeed && (
          <aside className="board-side panel" aria-labelledby="feed-title" style={textSize(size)}>
            <header className="panel-head">
              <h2 id="feed-title">{t("activity")}</h2>
              <TextSize size={size} onChange={setSize} />
            </header>
            <ActivityFeed live={live} part={range.shown} />
          </aside>
        )}
      </div>
    </div>
  );
}

/** The shape of what is coming. */
function Waiting() {
  return (
    <main className="board-wait" role="status">
      <span className="visually-hidden">{t("loading")}</span>
      <div className="headline" aria-hidden="true">
        {[1, 2, 3].map((one) => <span key={one} className="skeleton wait-tile" />)}
      </div>
      <span className="skeleton wait-chart" aria-hidden="true" />
      <span className="skeleton wait-chart" aria-hidden="true" />
    </main>
  );
}
