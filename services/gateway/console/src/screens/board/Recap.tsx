import { type Registry, useRecap, useReplay } from "../../api/queries";
import { url } from "../../api/client";
import type { Reading } from "../../api/types";
import { t } from "../../i18n";
import { date, daysLeft, duration, list } from "../../lib/format";
import { useNow } from "../../lib/now";
import { ProblemNote } from "../../ui/Notes";
import { Skeleton } from "../../ui/Skeleton";
import { MetricTip } from "../../ui/MetricTip";
import { Value } from "../live/SessionTable";
import { PresenceNote } from "./PresenceNote";

const SHOWN = ["products_featured", "gmv", "net_gmv", "orders", "units_sold", "views", "unique_viewers", "pcu", "average_stay", "likes", "new_followers"];

/** What the file of minutes holds. */
const MINUTES = ["gmv", "orders", "units_sold", "viewers_now", "views", "comments", "likes", "new_followers"];

const hasSold = (one: Reading) => one.metric === "gmv" && (one.value ?? 0) > 0;

/** What an ended session came to, what can be downloaded, and until when. */
export function Recap({ sessionId, metrics }: { sessionId: string; metrics: Registry }) {
  const recap = useRecap(sessionId, true);
  const source = recap.data?.session.source;
  const replay = useReplay(sessionId, source !== undefined && source !== "import");
  if (recap.isPending) return <section className="panel"><Skeleton /></section>;
  if (recap.error) return <section className="panel"><ProblemNote error={recap.error} /></section>;
  const { session, readings } = recap.data;
  const top = recap.data.top_products.filter((product) => product.readings.some(hasSold));
  const known = SHOWN.filter((name) => readings.some((one) => one.metric === name));
  return (
    <section className="panel recap" aria-labelledby="recap-title">
      <header className="panel-head">
        <h2 id="recap-title">{t("recap")}</h2>
        <PresenceNote source={recap.data.presence_source} />
        {session.source !== "import" && <Downloads sessionId={sessionId} replay={replay.data?.url} />}
      </header>
      <dl className="totals">
        <div><dt>{t("board.duration")}</dt><dd>{duration(recap.data.duration_s)}</dd></div>
        {known.map((name) => (
          <div key={name}>
            <dt>{metrics.get(name)?.title ?? name} <MetricTip metric={metrics.get(name)} /></dt>
            <dd>
              <Value
                value={readings.find((one) => one.metric === name)}
                unit={metrics.get(name)?.unit ?? "count"}
                currency={session.currency}
              />
            </dd>
          </div>
        ))}
      </dl>
      {top.length > 0 && (
        <p className="small">
          <span className="muted">{t("recap.top")}</span> {list(top.slice(0, 3).map((product) => product.title))}
        </p>
      )}
      <Retention
        replay={replay.data?.url ? (replay.data.expire_time ?? recap.data.replay_expire_time) : null}
        noReplay={replay.data === null}
        detail={recap.data.detail_expire_time}
      />
    </section>
  );
}

function Downloads({ sessionId, replay }: { sessionId: string; replay: string | undefined }) {
  const at = `/sessions/${encodeURIComponent(sessionId)}`;
  const file = (what: string, end: string) => `${what}-${sessionId}.${end}`;
  return (
    <div className="downloads small">
      <p className="row">
        <span className="muted">{t("recap.comments")}</span>
        <a href={url(`${at}/comments.csv`)} download={file("comments", "csv")}>CSV</a>
        <a href={url(`${at}/comments.json`)} download={file("comments", "json")}>JSON</a>
      </p>
      <p className="row">
        <span className="muted">{t("recap.session")}</span>
        <a href={url(`${at}/recap`)} download={file("totals", "json")}>{t("recap.totals")}</a>
        <a href={url(`${at}/trend`, { metrics: MINUTES })} download={file("minutes", "json")}>{t("recap.minutes")}</a>
        <a href={url(`${at}/products`)} download={file("products", "json")}>{t("recap.by-product")}</a>
        {replay && <a href={replay} target="_blank" rel="noreferrer noopener">{t("recap.replay")}</a>}
      </p>
    </div>
  );
}

interface RetentionProps {
  replay?: string | null;
  /** It is certain that there is no recording. */
  noReplay: boolean;
  detail?: string | null;
}

function Retention({ replay, noReplay, detail }: RetentionProps) {
  const now = useNow(false);
  const line = (key: "retention.replay" | "retention.detail", time: string) => {
    const days = daysLeft(time, now);
    const left = days === 0 ? t("retention.past") : t("retention.left", { n: days });
    return (
      <li>
        <span className="icon icon-clock" aria-hidden="true" /> {t(key, { date: date(time) })} <strong>{left}</strong>
      </li>
    );
  };
  if (!replay && !noReplay && !detail) return null;
  return (
    <ul className="retention small" aria-label={t("retention")}>
      {replay && line("retention.replay", replay)}
      {noReplay && <li>{t("retention.no-replay")}</li>}
      {detail && line("retention.detail", detail)}
    </ul>
  );
}
