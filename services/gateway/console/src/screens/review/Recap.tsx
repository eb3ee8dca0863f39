import { type Registry, useComparison, useMetrics, useRecap, useReplay } from "../../api/queries";
import type { Comparison, Recap as Answer, Session } from "../../api/types";
import { named, t } from "../../i18n";
import { change, DASH, duration, money, reading } from "../../lib/format";
import { Card } from "../../ui/Card";
import { MetricTip } from "../../ui/MetricTip";
import { ProblemNote } from "../../ui/Notes";
import { Skeleton } from "../../ui/Skeleton";
import { StatTile } from "../../ui/StatTile";
import { Compared } from "../board/Compared";
import { PresenceNote } from "../board/PresenceNote";
import { Retention } from "./Retention";
import { Beside } from "./Beside";

const FIRST = ["gmv", "orders", "units_sold", "unique_viewers"];
const SECOND = ["net_gmv", "buyers", "views", "pcu", "average_stay", "comments", "likes", "new_followers"];

/** Metrics of which less is better: none among those that are shown. */
const sign = (difference: number) => (difference > 0 ? "up" : difference < 0 ? "down" : "level");

/** What a LIVE that is over came to, beside what its account's LIVEs usually come to. */
export function Recap({ session }: { session: Session }) {
  const id = session.session_id;
  const metrics = useMetrics();
  const recap = useRecap(id, true);
  const compared = useComparison(id).data;
  const replay = useReplay(id, session.source !== "import");
  if (recap.isPending) return <Skeleton lines={8} />;
  if (recap.error) return <ProblemNote error={recap.error} retry={() => void recap.refetch()} />;
  return (
    <div className="review">
      <section className="stats-frame" aria-labelledby="recap-title">
        <h2 id="recap-title" className="visually-hidden">{t("recap")}</h2>
        <div className="stats stats-first">
          {FIRST.map((name) => <Number key={name} name={name} recap={recap.data} metrics={metrics} compared={compared} />)}
        </div>
        <div className="stats stats-second">
          <StatTile name={t("board.duration")} value={duration(recap.data.duration_s)} size="compact" />
          <StatTile name={t("analytics.featured")} value={featured(recap.data)} size="compact" missing={session.source === "import" ? t("missing.import") : undefined} />
          {SECOND.map((name) => <Number key={name} name={name} recap={recap.data} metrics={metrics} compact />)}
        </div>
        <PresenceNote source={recap.data.presence_source} />
      </section>
      <div className="review-columns">
        <div className="review-main">
          <Beside session={session} metrics={metrics} />
          <Compared sessionId={id} metrics={metrics} currency={session.currency} />
        </div>
        <div className="review-side">
          <Best recap={recap.data} currency={session.currency} />
          {session.source === "import" ? (
            <Card title={t("source.import")}><p className="muted">{t("review.imported")}</p></Card>
          ) : (
            <Retention recap={recap.data} replay={replay.data} />
          )}
        </div>
      </div>
    </div>
  );
}

const featured = ({ session, products_featured }: Answer) => (session.source === "import" ? DASH : String(products_featured));

interface NumberProps {
  name: string;
  recap: Answer;
  metrics: Registry;
  compared?: Comparison;
  compact?: boolean;
}

function Number({ name, recap, metrics, compared, compact = false }: NumberProps) {
  const metric = metrics.get(name);
  const value = recap.readings.find((one) => one.metric === name);
  const text = reading(value, metric?.unit ?? "count", recap.session.currency);
  const difference = compared?.comparisons.find((one) => one.reading.metric === name)?.difference;
  return (
    <StatTile
      name={metric?.title ?? name}
      value={text}
      missing={text === DASH ? named("missing", value?.missing || "not_yet") : undefined}
      help={<MetricTip metric={metric} />}
      size={compact ? "compact" : "medium"}
      delta={difference == null ? undefined : {
        text: change(difference), direction: sign(difference), good: difference > 0, against: t("review.against"),
      }}
    />
  );
}

/** The products that sold, best first, as parts of what all of them sold. */
function Best({ recap, currency }: { recap: Answer; currency: string }) {
  const sold = recap.top_products
    .map((product) => ({ product, gmv: product.readings.find((one) => one.metric === "gmv")?.value ?? 0 }))
    .filter(({ gmv }) => gmv > 0);
  const most = Math.max(...sold.map(({ gmv }) => gmv));
  if (sold.length === 0) return null;
  return (
    <Card title={t("review.best")}>
      <ol className="best">
        {sold.slice(0, 5).map(({ product, gmv }) => (
          <li key={product.product_id}>
            <span className="best-name">{product.title}</span>
            <span className="tabular">{money(gmv, currency)}</span>
            <span className="bar" aria-hidden="true"><span className="bar-fill" style={{ inlineSize: `${(gmv / most) * 100}%` }} /></span>
          </li>
        ))}
      </ol>
    </Card>
  );
}
