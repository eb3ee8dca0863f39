import Download from "lucide-react/icons/download";
import { url } from "../../api/client";
import { useReplay } from "../../api/queries";
import type { Session } from "../../api/types";
import { t } from "../../i18n";
import { date } from "../../lib/format";
import { Card } from "../../ui/Card";

/** What the file of minutes holds. */
const MINUTES = ["gmv", "orders", "units_sold", "viewers_now", "views", "comments", "likes", "new_followers"];

interface File {
  id: "comments" | "totals" | "minutes" | "products";
  ends: readonly { end: "csv" | "xlsx" | "json"; path: string }[];
}

function filesOf(id: string): File[] {
  const at = `/sessions/${encodeURIComponent(id)}`;
  return [
    { id: "comments", ends: [{ end: "csv", path: url(`${at}/comments.csv`) }, { end: "xlsx", path: url(`${at}/comments.xlsx`) }, { end: "json", path: url(`${at}/comments.json`) }] },
    { id: "totals", ends: [{ end: "json", path: url(`${at}/recap`) }] },
    { id: "minutes", ends: [{ end: "json", path: url(`${at}/trend`, { metrics: MINUTES }) }] },
    { id: "products", ends: [{ end: "json", path: url(`${at}/products`) }] },
  ];
}

/** All that can be taken away of a LIVE, in files. */
export function Exports({ session }: { session: Session }) {
  const id = session.session_id;
  const replay = useReplay(id, true).data;
  return (
    <Card title={t("review.exports")} hint={t("review.exports-hint")}>
      <ul className="exports">
        {filesOf(id).map((file) => (
          <li key={file.id}>
            <span className="exports-what">
              <strong>{t(`review.export-${file.id}`)}</strong>
              <span className="muted small">{t(`review.export-${file.id}-hint`)}</span>
            </span>
            <span className="row">
              {file.ends.map(({ end, path }) => (
                <a
                  key={end}
                  className="button button-secondary button-small"
                  href={path}
                  download={`${file.id}-${id}.${end}`}
                  aria-label={t("review.export-as", { what: t(`review.export-${file.id}`), kind: t(`review.${end}`) })}
                >
                  <Download size={14} aria-hidden /> {t(`review.${end}`)}
                </a>
              ))}
            </span>
          </li>
        ))}
        {replay && (
          <li>
            <span className="exports-what">
              <strong>{t("review.export-replay")}</strong>
              {replay.expire_time && <span className="muted small">{t("retention.replay", { date: date(replay.expire_time) })}</span>}
            </span>
            <a className="button button-secondary button-small" href={replay.url} target="_blank" rel="noreferrer noopener">{t("recap.replay")}</a>
          </li>
        )}
      </ul>
    </Card>
  );
}
