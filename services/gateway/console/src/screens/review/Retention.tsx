import type { Recap } from "../../api/types";
import { t } from "../../i18n";
import { date, daysLeft } from "../../lib/format";
import { useNow } from "../../lib/now";
import { Card } from "../../ui/Card";

interface Props {
  recap: Recap;
  /** Null where none was kept, undefined while nobody knows. */
  replay: { url: string; expire_time?: string } | null | undefined;
}

/** Until when a recording, and the comments and minutes of a LIVE, are kept. */
export function Retention({ recap, replay }: Props) {
  const until = replay ? (replay.expire_time ?? recap.replay_expire_time) : null;
  return (
    <Card
      title={t("retention")}
      actions={replay && <a className="button button-secondary button-small" href={replay.url} target="_blank" rel="noreferrer noopener">{t("recap.replay")}</a>}
    >
      <ul className="kept" aria-label={t("retention")}>
        {until && <Line text={t("retention.replay", { date: date(until) })} until={until} />}
        {replay === null && <li>{t("retention.no-replay")}</li>}
        {recap.detail_expire_time && (
          <Line text={t("retention.detail", { date: date(recap.detail_expire_time) })} until={recap.detail_expire_time} />
        )}
        <li className="muted">{t("retention.totals")}</li>
      </ul>
    </Card>
  );
}

function Line({ text, until }: { text: string; until: string }) {
  const days = daysLeft(until, useNow(false));
  return (
    <li className="kept-line">
      <span>{text}</span> <strong className={days < 8 ? "kept-soon" : undefined}>{days === 0 ? t("retention.past") : t("retention.left", { n: days })}</strong>
    </li>
  );
}
