import { useWatchList } from "../api/queries";
import { t } from "../i18n";
import { zoned } from "../lib/format";
import { roomPath } from "./paths";
import { useTitle } from "../lib/title";
import { SessionBadges } from "../ui/SessionBadges";
import { EmptyState } from "../ui/EmptyState";
import { ProblemNote } from "../ui/Notes";
import { Skeleton } from "../ui/Skeleton";
import { Frame, Link } from "./Frame";

export function WatchList() {
  useTitle(t("watch"));
  const list = useWatchList();
  const sessions = list.data?.sessions ?? [];
  return (
    <Frame>
      <header className="page-head">
        <h1>{t("watch")}</h1>
      </header>
      {list.isPending && <Skeleton />}
      {list.error && <ProblemNote error={list.error} retry={() => void list.refetch()} />}
      {list.data && sessions.length === 0 && <EmptyState title={t("watch.none")} />}
      <ul className="cards">
        {sessions.map((session) => (
          <li key={session.session_id}>
            <Link to={roomPath(session.session_id)} className="card">
              <SessionBadges session={session} />
              <strong className="card-title">{session.title}</strong>
              {session.start_time && (
                <span className="muted small">{t("session.started", { time: zoned(session.start_time) })}</span>
              )}
            </Link>
          </li>
        ))}
      </ul>
    </Frame>
  );
}
