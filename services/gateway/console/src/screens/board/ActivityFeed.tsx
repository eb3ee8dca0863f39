import { memo, useState } from "react";
import type { Activity, ActivityKind } from "../../api/types";
import { named, t } from "../../i18n";
import { amount, clock } from "../../lib/format";
import { isNumber, useStored } from "../../lib/stored";
import type { Live } from "../../live/useLive";
import { Button } from "../../ui/Button";
import { Select } from "../../ui/Fields";
import { EmptyNote } from "../../ui/Notes";
import { notifyProblem } from "../../ui/notices";

const SIZES = [12, 13, 14, 16, 18, 20, 24];
const KINDS = ["all", "comment", "comment-general", "comment-product", "order", "follow", "gift"] as const;
type Filter = (typeof KINDS)[number];

function passes(item: Activity, filter: Filter): boolean {
  if (filter === "all") return true;
  if (filter === "comment-general") return item.kind === "comment" && !item.product_id;
  if (filter === "comment-product") return item.kind === "comment" && Boolean(item.product_id);
  return item.kind === (filter as ActivityKind);
}

export function ActivityFeed({ live }: { live: Live }) {
  const [filter, setFilter] = useState<Filter>("all");
  const [size, setSize] = useStored("feed-size", 14, isNumber);
  const shown = live.feed.items.filter((item) => passes(item, filter));
  const step = (by: number) => setSize(SIZES[Math.min(SIZES.length - 1, Math.max(0, SIZES.indexOf(size) + by))] ?? 14);
  return (
    <div className="feed">
      <div className="feed-tools">
        <Select
          label={t("activity.kind")}
          hideLabel
          value={filter}
          onChange={setFilter}
          choices={KINDS.map((id) => ({ id, text: t(`activity.${id}`) }))}
        />
        <span className="row feed-size">
          <Button kind="quiet" small isDisabled={size <= SIZES[0]!} onPress={() => step(-1)}>
            <span aria-hidden="true">A−</span>
            <span className="visually-hidden">{t("activity.smaller")}</span>
          </Button>
          <Button kind="quiet" small isDisabled={size >= SIZES.at(-1)!} onPress={() => step(1)}>
            <span aria-hidden="true">A+</span>
            <span className="visually-hidden">{t("activity.larger")}</span>
          </Button>
        </span>
      </div>
      <div className="feed-scroll" tabIndex={0} role="region" aria-label={t("activity")} style={{ fontSize: `${size}px` }}>
        {shown.length === 0 && <EmptyNote title={t("activity.none")} />}
        <ol className="feed-list">
          {shown.map((item) => (
            <Line key={`${item.kind}:${item.subject_id || item.position}`} item={item} />
          ))}
        </ol>
        {live.hasOlder && (
          <Button className="load-more" small onPress={() => void live.loadOlder().catch(notifyProblem)}>
            {t("activity.older")}
          </Button>
        )}
      </div>
    </div>
  );
}

const Line = memo(function Line({ item }: { item: Activity }) {
  return (
    <li className={`feed-line feed-${item.kind}`} data-position={item.position}>
      <span className="feed-mark" title={named("activity", item.kind)}>
        <span className="visually-hidden">{named("activity", item.kind)}</span>
      </span>
      <div className="feed-body">
        <p className="feed-head">
          <strong>{item.from_host ? t("comments.host") : item.viewer_name || t("activity.viewer")}</strong>
          {item.kind === "order" && item.state && (
            <span className={`badge badge-order-${item.state}`}>{named("order", item.state)}</span>
          )}
          {item.product_id && <span className="badge badge-quiet">{t("activity.about-product")}</span>}
          <time dateTime={item.time} className="muted tabular feed-time">{clock(item.time)}</time>
        </p>
        <p className="feed-text" dir="auto">
          {item.kind === "follow" ? t("activity.followed") : item.summary}
          {item.amount && <span className="feed-amount tabular">{amount(item.amount)}</span>}
        </p>
      </div>
    </li>
  );
});
