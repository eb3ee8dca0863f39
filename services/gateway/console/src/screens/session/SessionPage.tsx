import { useParams, useSearch } from "@tanstack/react-router";
import type { ReactNode } from "react";
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
import { EmptyNote, Loading, ProblemNote } from "../../ui/Notes";
import { FullScreen } from "../../ui/FullScreen";
import { Shell, ThemeButton } from "../../ui/Shell";
import { ActivityFeed } from "../board/ActivityFeed";
import { Tile } from "../board/CoreData";
import { Recap } from "../board/Recap";
import { Suggestions } from "../board/Suggestions";
import { Fresh } from "../board/TopBar";
import { Bag } from "./Bag";
import { Comments } from "./Comments";
import { LiveFeed } from "./feed/LiveFeed";
import { Orders } from "./Orders";
import { Script } from "./Script";
import { Title } from "./Title";

export function SessionPage() {
  const { sessionId } = useParams({ from: "/session/$sessionId" });
  const { own = false, camera = false } = useSearch({ from: "/session/$sessionId" });
  const session = useSession(sessionId);
  useTitle(session.data?.title ?? "");
  const Frame = own ? OwnWindow : Wide;
  return (
    <Frame>
      {session.isPending && <Loading lines={8} />}
      {session.error && <ProblemNote error={session.error} retry={() => void session.refetch()} />}
      {session.data && <Desk session={session.data} own={own} cameraOn={camera} />}
    </Frame>
  );
}

const Wide = ({ children }: { children: ReactNode }) => <Shell wide>{children}</Shell>;

/** A LIVE on air fills its own window: no way out of it by mistake. */
const OwnWindow = ({ children }: { children: ReactNode }) => (
  <main id="main" className="shell-main shell-main-own">{children}</main>
);

const HEADLINES = ["gmv", "viewers_now", "orders", "ctr", "ctor"];

interface DeskProps {
  session: Session;
  /** The page is the LIVE's own window. */
  own: boolean;
  cameraOn: boolean;
}

function Desk({ session, own, cameraOn }: DeskProps) {
  const id = session.session_id;
  const running = session.state !== "ended";
  const live = useLive(id, running);
  const board = useBoard(id);
  const metrics = useMetrics();
  return (
    <>
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
          <Button onPress={() => openBoard(id)}>{t("board.open")}</Button>
          {own && <FullScreen named />}
          {own && <ThemeButton />}
        </div>
      </header>
      {board.data && (
        <>
          <div className="tiles tiles-headline">
            {HEADLINES.map((name) => (
              <Tile key={name} metric={metrics.get(name)} name={name} board={board.data} />
            ))}
          </div>
          <p className="headline-fresh"><Fresh board={board.data} /></p>
        </>
      )}
      <div className="desk">
        <Bag session={session} />
        <LiveFeed session={session} own={own} cameraOn={cameraOn} />
        <section className="panel desk-side" aria-label={t("desk.side")}>
          <Tabs className="tabs" defaultSelectedKey="comments">
            <TabList className="tab-list" aria-label={t("desk.side")}>
              <Tab id="suggestions" className="tab">{t("suggestions")}</Tab>
              <Tab id="comments" className="tab">{t("comments")}</Tab>
              <Tab id="orders" className="tab">{t("orders")}</Tab>
              <Tab id="activity" className="tab">{t("activity")}</Tab>
              <Tab id="quality" className="tab">{t("quality")}</Tab>
              <Tab id="script" className="tab">{t("script")}</Tab>
            </TabList>
            <TabPanel id="suggestions" className="tab-panel">
              <Suggestions sessionId={id} metrics={metrics} />
            </TabPanel>
            <TabPanel id="comments" className="tab-panel">
              <Comments session={session} newest={live.feed.last} />
            </TabPanel>
            <TabPanel id="orders" className="tab-panel">
              <Orders session={session} newest={live.feed.last} />
            </TabPanel>
            <TabPanel id="activity" className="tab-panel">
              <ActivityFeed live={live} />
            </TabPanel>
            <TabPanel id="quality" className="tab-panel">
              <EmptyNote title={t("quality.none")}>
                <p>{t("quality.hint")}</p>
              </EmptyNote>
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
