import { Link, useNavigate, useParams } from "@tanstack/react-router";
import Monitor from "lucide-react/icons/chart-no-axes-combined";
import { lazy, Suspense } from "react";
import { useSession } from "../../api/queries";
import type { Session } from "../../api/types";
import { t } from "../../i18n";
import { moment } from "../../lib/format";
import { useTitle } from "../../lib/title";
import { openBoard } from "../../lib/windows";
import { Button } from "../../ui/Button";
import { EmptyState } from "../../ui/EmptyState";
import { PageHeader } from "../../ui/PageHeader";
import { SessionBadges } from "../../ui/SessionBadges";
import { SessionProblem } from "../../ui/SessionProblem";
import { Shell } from "../../app/Shell";
import { Skeleton } from "../../ui/Skeleton";
import { Steps } from "../live/Steps";
import { Comments } from "./Comments";
import { Exports } from "./Exports";
import { Orders } from "./Orders";
import { Recap } from "./Recap";
import { type TabId, tabsOf } from "./tabs";
import "./review.css";
import "../../words/analytics";
import "../../words/board";
import "../../words/desk";
import "../../words/orders";
import "../../words/review";
import "../../words/sessions";

/** Draws charts, so it comes when it is looked at. */
const Parts = { minutes: part("MinutesTab"), products: part("ProductsTab"), audience: part("AudienceTab") };

function part(name: "MinutesTab" | "ProductsTab" | "AudienceTab") {
  return lazy(() => import("./boardTabs").then((module) => ({ default: module[name] })));
}

/** What became of one LIVE: each question a tab with an address of its own. */
export function Review() {
  const { sessionId = "", tab = "recap" } = useParams({ strict: false });
  const session = useSession(sessionId);
  useTitle(session.data?.title ?? "");
  return (
    <Shell>
      {session.isPending && <Skeleton lines={8} />}
      {session.error && <SessionProblem error={session.error} retry={() => void session.refetch()} />}
      {session.data && (
        <>
          <Head session={session.data} />
          <Suspense fallback={<Skeleton lines={8} />}>
            <Tab session={session.data} tab={tab} />
          </Suspense>
        </>
      )}
    </Shell>
  );
}

function Head({ session }: { session: Session }) {
  const params = { sessionId: session.session_id };
  return (
    <PageHeader
      path={<Steps session={session} here="review" />}
      title={session.title}
      facts={
        <SessionBadges session={session}>
          <span className="muted small">
            {session.start_time ? t("session.started", { time: moment(session.start_time) }) : t("session.prepared")}
          </span>
        </SessionBadges>
      }
      actions={
        <Button icon={<Monitor size={16} aria-hidden />} onPress={() => openBoard(session.session_id)}>{t("board.open")}</Button>
      }
      tabsLabel={t("review.tabs")}
      tabs={tabsOf(session).length > 1 && tabsOf(session).map((id) =>
        id === "recap" ? (
          <Link key={id} to="/live/$sessionId/review" params={params} activeOptions={{ exact: true }} className="tab">{t("review.recap")}</Link>
        ) : (
          <Link key={id} to="/live/$sessionId/review/$tab" params={{ ...params, tab: id }} className="tab">{t(`review.${id}`)}</Link>
        ),
      )}
    />
  );
}

function Tab({ session, tab }: { session: Session; tab: string }) {
  const navigate = useNavigate();
  const known = tabsOf(session).find((id) => id === tab);
  if (session.state !== "ended") {
    return (
      <EmptyState title={t("review.running")}>
        <Button kind="primary" onPress={() => void navigate({ to: "/live/$sessionId", params: { sessionId: session.session_id } })}>
          {t("review.go")}
        </Button>
      </EmptyState>
    );
  }
  if (!known) return <EmptyState title={t("not-found")} />;
  return <Content tab={known} session={session} />;
}

function Content({ tab, session }: { tab: TabId; session: Session }) {
  switch (tab) {
    case "recap":
      return <Recap session={session} />;
    case "comments":
      return <Comments session={session} />;
    case "orders":
      return <Orders session={session} />;
    case "exports":
      return <Exports session={session} />;
    default: {
      const Part = Parts[tab];
      return <Part session={session} />;
    }
  }
}
