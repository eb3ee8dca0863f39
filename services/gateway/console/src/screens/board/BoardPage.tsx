import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import { useBoard, useMetrics, useProductNames } from "../../api/queries";
import { t } from "../../i18n";
import { useTitle } from "../../lib/title";
import { FeedProblem } from "../../live/FeedProblem";
import { useLive } from "../../live/useLive";
import { NotKnown } from "../../ui/Notes";
import { Skeleton } from "../../ui/Skeleton";
import { SessionProblem } from "../../ui/SessionProblem";
import { TextSize, textSize, useTextSize } from "../../ui/TextSize";
import { ActivityFeed } from "./ActivityFeed";
import { Audience } from "./Audience";
import { Channels } from "./Channels";
import { Compared } from "./Compared";
import { CoreData } from "./CoreData";
import { ProductTable } from "./ProductTable";
import { Recap } from "./Recap";
import { Suggestions } from "./Suggestions";
import { TopBar } from "./TopBar";
import { Trends } from "./Trends";

/** What only those can tell of a session who saw it happen. */
const UNKNOWN = ["trends", "suggestions", "channels", "audience", "products"] as const;

function Unknown({ part }: { part: (typeof UNKNOWN)[number] }) {
  return (
    <section className="panel" aria-labelledby={`${part}-title`}>
      <h2 id={`${part}-title`} className="panel-head">{t(part)}</h2>
      <NotKnown />
    </section>
  );
}

export function BoardPage() {
  const { sessionId } = useParams({ from: "/live/$sessionId/board" });
  const board = useBoard(sessionId);
  const metrics = useMetrics();
  const session = board.data?.session;
  const running = session !== undefined && session.state !== "ended";
  const live = useLive(sessionId, running);
  const names = useProductNames(sessionId, session !== undefined && session.source !== "import");
  const [size, setSize] = useTextSize();
  const [feedShown, setFeedShown] = useState(true);
  useTitle(session ? t("board.title", { title: session.title }) : t("board"));

  if (board.isPending) return <main className="board-wait"><Skeleton lines={10} /></main>;
  if (!board.data || !session) {
    return <main className="board-wait"><SessionProblem error={board.error} retry={() => void board.refetch()} /></main>;
  }
  return (
    <div className="board">
      <TopBar board={board.data} live={live} feedShown={feedShown} onFeed={() => setFeedShown(!feedShown)} />
      <div className={feedShown ? "board-body" : "board-body board-body-wide"}>
        <main className="board-main">
          <FeedProblem live={live} />
          {!running && <Recap sessionId={sessionId} metrics={metrics} />}
          <CoreData board={board.data} metrics={metrics} />
          {session.source === "import" ? (
            UNKNOWN.map((part) => <Unknown key={part} part={part} />)
          ) : (
            <>
              <Trends board={board.data} metrics={metrics} names={names} running={running} />
              <section className="panel" aria-labelledby="suggestions-title">
                <h2 id="suggestions-title" className="panel-head">{t("suggestions")}</h2>
                <Suggestions sessionId={sessionId} metrics={metrics} />
              </section>
              <div className="board-pair">
                <Channels board={board.data} metrics={metrics} />
                <Audience sessionId={sessionId} running={running} />
              </div>
              <ProductTable sessionId={sessionId} metrics={metrics} currency={session.currency} running={running} />
            </>
          )}
          <Compared sessionId={sessionId} metrics={metrics} currency={session.currency} />
        </main>
        {feedShown && (
          <aside className="board-side panel" aria-labelledby="feed-title" style={textSize(size)}>
            <header className="panel-head">
              <h2 id="feed-title">{t("activity")}</h2>
              <TextSize size={size} onChange={setSize} />
            </header>
            {session.source === "import" ? <NotKnown /> : <ActivityFeed live={live} />}
          </aside>
        )}
      </div>
    </div>
  );
}
