import { useParams } from "@tanstack/react-router";
import { Tab, TabList, TabPanel, Tabs } from "react-aria-components";
import { useBoard, useMetrics, useSession } from "../../api/queries";
import type { Session } from "../../api/types";
import { t } from "../../i18n";
import { moment } from "../../lib/format";
import { useTitle } from "../../lib/title";
import { openBoard } from "../../lib/windows";
import { Connection } from "../../live/Connection";
import { useLive } from "../../live/useLive";
import { SourceBadge, StateBadge } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { Loading, ProblemNote } from "../../ui/Notes";
import { Shell } from "../../ui/Shell";
import { ActivityFeed } from "../board/ActivityFeed";
import { Tile } from "../board/CoreData";
import { Recap } from "../board/Recap";
import { Bag } from "./Bag";
import { Comments } from "./Comments";
import { Lifecycle } from "./Lifecycle";
import { Orders } from "./Orders";
import { Script } from "./Script";
import { Title } from "./Title";

export function SessionPage() {
  const { sessionId } = useParams({ from: "/session/$sessionId" });
  const session = useSession(sessionId);
  useTitle(session.data?.title ?? "");
  return (
    <Shell>
      {session.isPending && <Loading lines={8} />}
      {session.error && <ProblemNote error={session.error} retry={() => void session.refetch()} />}
      {session.data && <Desk session={session.data} />}
    </Shell>
  );
}

const HEADLINES = ["gmv", "viewers_now", "orders", "ctr", "ctor"];

function Desk({ session }: { session: Session }) {
  const id = session.session_id;
  const running = session.state !== "ended";
  const live = useLive(id, running);
  const board = useBoard(id);
  const metrics = useMetrics();
  return (
    <>
      {session.state === "practice" && (
        <p className="banner banner-practice" role="status">
          <strong>{t("practice.on")}</strong> {t("practice.hint")}
        </p>
      )}
      <header className="page-head desk-head">
        <div>
          <Title session={session} />
          <p className="cell-badges">
            <StateBadge state={session.state} />
            <SourceBadge session={session} />
            <span className="muted small">
              {session.start_time ? t("session.started", { time: moment(session.start_time) }) : t("session.prepared")}
            </span>
            <Connection live={live} />
          </p>
        </div>
        <div className="page-actions">
          <Lifecycle session={session} />
          <Button onPress={() => openBoard(id)}>{t("board.open")}</Button>
        </div>
      </header>
      {board.data && (
        <div className="tiles tiles-headline">
          {HEADLINES.map((name) => (
            <Tile key={name} metric={metrics.get(name)} name={name} board={board.data} />
          ))}
        </div>
      )}
      <div className="desk">
        <Bag session={session} />
        <section className="panel desk-side" aria-label={t("desk.side")}>
          <Tabs className="tabs">
            <TabList className="tab-list" aria-label={t("desk.side")}>
              <Tab id="comments" className="tab">{t("comments")}</Tab>
              <Tab id="orders" className="tab">{t("orders")}</Tab>
              <Tab id="activity" className="tab">{t("activity")}</Tab>
              <Tab id="script" className="tab">{t("script")}</Tab>
            </TabList>
            <TabPanel id="comments" className="tab-panel">
              <Comments session={session} newest={live.feed.last} />
            </TabPanel>
            <TabPanel id="orders" className="tab-panel">
              <Orders session={session} newest={live.feed.last} />
            </TabPanel>
            <TabPanel id="activity" className="tab-panel">
              <ActivityFeed live={live} />
            </TabPanel>
            <TabPanel id="script" className="tab-panel">
              <Script session={session} />
            </TabPanel>
          </Tabs>
        </section>
      </div>
      {!running && <Recap sessionId={id} metrics={metrics} />}
    </>
  );
}
