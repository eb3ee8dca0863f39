import { Link, useParams } from "@tanstack/react-router";
import { type Registry, useMetrics, useProductAnalytics, useSession } from "../../api/queries";
import type { Session } from "../../api/types";
import { t } from "../../i18n";
import { moment } from "../../lib/format";
import { useTitle } from "../../lib/title";
import { openBoard } from "../../lib/windows";
import { SessionBadges } from "../../ui/SessionBadges";
import { Button } from "../../ui/Button";
import { EmptyState } from "../../ui/EmptyState";
import { NotKnown, ProblemNote } from "../../ui/Notes";
import { Skeleton } from "../../ui/Skeleton";
import { SessionProblem } from "../../ui/SessionProblem";
import { Shell } from "../../ui/Shell";
import { Recap } from "../board/Recap";
import { Value } from "../live/SessionTable";

/** What became of one LIVE, and the way to its dashboard. */
export function Review() {
  const { sessionId } = useParams({ from: "/live/$sessionId/review" });
  const session = useSession(sessionId);
  const metrics = useMetrics();
  useTitle(session.data?.title ?? "");
  return (
    <Shell>
      {session.isPending && <Skeleton lines={8} />}
      {session.error && <SessionProblem error={session.error} retry={() => void session.refetch()} />}
      {session.data && (
        <>
          <Head session={session.data} />
          <div className="details">
            <Recap sessionId={sessionId} metrics={metrics} />
            <section className="panel" aria-labelledby="featured-title">
              <h2 id="featured-title" className="panel-head">{t("analytics.featured")}</h2>
              {session.data.source === "import" ? <NotKnown /> : <Featured session={session.data} metrics={metrics} />}
            </section>
            <section className="panel" aria-labelledby="giveaways-title">
              <h2 id="giveaways-title" className="panel-head">{t("analytics.giveaways")}</h2>
              <p className="muted">{t("analytics.giveaways-none")}</p>
            </section>
          </div>
        </>
      )}
    </Shell>
  );
}

function Head({ session }: { session: Session }) {
  return (
    <header className="page-head">
      <div>
        <p className="small">
          <Link to="/analytics/sessions">{t("analytics.back")}</Link>
        </p>
        <h1 className="session-title">{session.title}</h1>
        <SessionBadges session={session}>
          <span className="muted small">
            {session.start_time ? t("session.started", { time: moment(session.start_time) }) : t("session.prepared")}
          </span>
        </SessionBadges>
      </div>
      <div className="row">
        <Link to="/live/$sessionId/air" params={{ sessionId: session.session_id }} className="button button-plain">
          {t("analytics.said-and-sold")}
        </Link>
        <Button kind="primary" onPress={() => openBoard(session.session_id)}>
          {t("analytics.dashboard")}
        </Button>
      </div>
    </header>
  );
}

const COLUMNS = ["gmv", "orders", "units_sold", "ctr", "ctor"];

function Featured({ session, metrics }: { session: Session; metrics: Registry }) {
  const list = useProductAnalytics(session.session_id, false);
  const products = list.data?.products ?? [];
  const known = COLUMNS.filter((name) => products.some((one) => one.readings.some(({ metric }) => metric === name)));
  return (
    <>
      {list.isPending && <Skeleton />}
      {list.error && <ProblemNote error={list.error} />}
      {list.data && products.length === 0 && <EmptyState title={t("analytics.featured-none")} />}
      {products.length > 0 && (
        <div className="table-frame" role="region" aria-labelledby="featured-title" tabIndex={0}>
          <table className="table">
            <thead>
              <tr>
                <th scope="col">{t("products.product")}</th>
                {known.map((name) => (
                  <th key={name} scope="col" className="number">{metrics.get(name)?.title ?? name}</th>
                ))}
              </tr>
            </thead>
            <tbody>
              {products.map((product) => (
                <tr key={product.product_id}>
                  <th scope="row" className="cell-name">{product.title}</th>
                  {known.map((name) => (
                    <td key={name} className="number">
                      <Value
                        value={product.readings.find((one) => one.metric === name)}
                        unit={metrics.get(name)?.unit ?? "count"}
                        currency={session.currency}
                      />
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  );
}
