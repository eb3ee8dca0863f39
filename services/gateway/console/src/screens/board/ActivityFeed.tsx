import { useMemo, useState } from "react";
import type { Activity } from "../../api/types";
import { named, t } from "../../i18n";
import { amount, clock } from "../../lib/format";
import { type Lane, LANES, linesOf } from "../../live/feed";
import type { Live } from "../../live/useLive";
import { Select } from "../../ui/Select";
import { LiveList } from "../../ui/LiveList";
import { EmptyState } from "../../ui/EmptyState";
import { Skeleton } from "../../ui/Skeleton";
import type { Bounds } from "./interval";
import { Older } from "./Older";
import { rangeText } from "./RangeTools";
import { Badge } from "../../ui/Badge";
import { orderTone } from "../../ui/orderTone";

/** Which lanes each choice of the filter shows. */
const FILTERS = {
  all: LANES,
  comment: ["general", "product"],
  "comment-general": ["general"],
  "comment-product": ["product"],
  order: ["order"],
  follow: ["follow"],
  gift: ["gift"],
} as const satisfies Record<string, readonly Lane[]>;
type Filter = keyof typeof FILTERS;

const KINDS = Object.keys(FILTERS) as Filter[];

interface Props {
  live: Live;
  /** The part of the session that is shown; undefined for all of it. */
  part?: Bounds | undefined;
}

export function ActivityFeed({ live, part }: Props) {
  const [filter, setFilter] = useState<Filter>("all");
  const lanes = FILTERS[filter];
  const lines = linesOf(live.feed, lanes);
  const first = part?.start ?? -Infinity;
  const end = part?.end ?? Infinity;
  // A part is whole minutes, as in the charts.
  const items = useMemo(() => (first === -Infinity ? lines : lines.filter((one) => within(Date.parse(one.time), first, end))), [lines, first, end]);
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
        {part && <Badge tone="accent">{rangeText(part)}</Badge>}
      </div>
      <LiveList
        key={`${filter} ${first} ${end}`}
        label={t("activity")}
        items={items}
        keyOf={keyOf}
        placeOf={placeOf}
        render={line}
        lines={2.9}
        empty={live.reading ? <Skeleton lines={6} /> : <EmptyState title={t(part ? "activity.none-then" : filter === "all" ? "activity.none" : "activity.none-of")} />}
        after={<Older live={live} lanes={lanes} />}
      />
    </div>
  );
}

const MINUTE = 60_000;
const within = (time: number, start: number, end: number) =>
  time >= Math.floor(start / MINUTE) * MINUTE && time < Math.ceil(end / MINUTE) * MINUTE;

export const keyOf = (item: Activity) => `${item.kind}:${item.subject_id || item.position}`;
export const placeOf = (item: Activity) => item.position;

const line = (item: Activity) => (
  <div className={`feed-line feed-${item.kind}`} data-position={item.position}>
    <span className="feed-mark" title={named("activity", item.kind)}>
      <span className="visually-hidden">{named("activity", item.kind)}</span>
    </span>
    <div className="feed-body">
      <p className="feed-head">
        <strong>{item.from_host ? t("comments.host") : item.viewer_name || t("activity.viewer")}</strong>
        {item.kind === "order" && item.state && (
          <Badge tone={orderTone(item.state)}>{named("order", item.state)}</Badge>
        )}
        {item.payment_source === "simulated" && (
          <Badge tone="warn">{named("payment", item.payment_source)}</Badge>
        )}
        {item.product_id && <Badge>{t("activity.about-product")}</Badge>}
        <time dateTime={item.time} className="muted tabular feed-time">{clock(item.time)}</time>
      </p>
      <p className="feed-text" dir="auto">
        {item.kind === "follow" ? t("activity.followed") : item.summary}
        {item.amount && <span className="feed-amount tabular">{amount(item.amount)}</span>}
      </p>
    </div>
  </div>
);
