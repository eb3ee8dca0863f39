import { useDeferredValue, useMemo, useState } from "react";
import { url } from "../../api/client";
import { useProductNames } from "../../api/queries";
import type { Comment, Session } from "../../api/types";
import { t } from "../../i18n";
import { clock, count, duration } from "../../lib/format";
import { Badge } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { Chips } from "../../ui/Chips";
import { Dense } from "../../ui/Dense";
import { EmptyState } from "../../ui/EmptyState";
import { LoadMore } from "../../ui/LoadMore";
import { ProblemNote } from "../../ui/Notes";
import { SearchField } from "../../ui/SearchField";
import { Skeleton } from "../../ui/Skeleton";
import { type Column, Table } from "../../ui/Table";
import { useAllComments } from "./useAll";
import { found } from "./found";

const SHOWN = 100; // rows at a time
const KINDS = ["all", "product", "host"] as const;
type Kind = (typeof KINDS)[number];

const IS: Record<Kind, (comment: Comment) => boolean> = {
  all: () => true,
  product: (comment) => Boolean(comment.product_id),
  host: (comment) => Boolean(comment.from_host),
};

/** All that was said, to search and to take away. */
export function Comments({ session }: { session: Session }) {
  const id = session.session_id;
  const { comments, whole, isPending, error, refetch } = useAllComments(id);
  const names = useProductNames(id);
  const [text, setText] = useState("");
  const [kind, setKind] = useState<Kind>("all");
  const [most, setMost] = useState(SHOWN);
  const wanted = useDeferredValue(text);
  const rows = useMemo(
    () => comments.filter((one) => IS[kind](one) && found(wanted, one.text, one.author_name, names.get(one.product_id ?? ""))),
    [comments, kind, wanted, names],
  );
  if (isPending) return <Skeleton lines={8} />;
  if (error) return <ProblemNote error={error} retry={() => void refetch()} />;
  if (comments.length === 0) return <EmptyState title={t("review.comments-none")} />;
  const clear = () => {
    setText("");
    setKind("all");
  };
  return (
    <>
      <div className="toolbar" role="search">
        <SearchField label={t("review.comments-search")} value={text} onChange={setText} />
        <Chips
          single
          label={t("review.comments-kind")}
          chosen={[kind]}
          onChange={([next]) => next && setKind(next)}
          chips={KINDS.map((one) => ({ id: one, text: t(`review.comments-${one}`), count: count(comments.filter(IS[one]).length) }))}
        />
        <span className="row toolbar-end">
          <Files id={id} />
        </span>
      </div>
      <p className="muted small list-foot" role="status">{whole ? t("review.comments-count", { n: rows.length }) : t("loading")}</p>
      <Dense>
        <Table
          label={t("review.comments")}
          columns={columns(session, names)}
          rows={rows.slice(0, most)}
          keyOf={(one) => one.comment_id}
          empty={<EmptyState title={t("review.comments-none-found")}><Button onPress={clear}>{t("sessions.clear")}</Button></EmptyState>}
        />
      </Dense>
      {rows.length > most && (
        <LoadMore isLoading={false} onMore={() => setMost(most + SHOWN)} shown={t("sessions.shown", { n: count(most), total: count(rows.length) })} />
      )}
    </>
  );
}

const columns = (session: Session, names: ReadonlyMap<string, string>): Column<Comment>[] => [
  { id: "time", head: t("review.when"), cell: (one) => <When time={one.create_time} session={session} /> },
  {
    id: "who", head: t("review.who"),
    cell: (one) => (
      <span className="row nowrap">
        <strong>{one.author_name || t("activity.viewer")}</strong>
        {one.from_host && <Badge tone="accent">{t("comments.host")}</Badge>}
      </span>
    ),
  },
  { id: "text", head: t("review.comment"), isRowHeader: true, cell: (one) => <span className="said">{one.text}</span> },
  { id: "about", head: t("review.about"), cell: (one) => <span className="muted">{names.get(one.product_id ?? "") ?? ""}</span> },
];

/** How far into the LIVE, and by the clock. */
export function When({ time, session }: { time: string; session: Session }) {
  const into = session.start_time ? (Date.parse(time) - Date.parse(session.start_time)) / 1000 : null;
  return (
    <time dateTime={time} className="nowrap tabular">
      {into !== null && duration(into)} <span className="muted">{clock(time)}</span>
    </time>
  );
}

function Files({ id }: { id: string }) {
  const at = `/sessions/${encodeURIComponent(id)}`;
  return (["csv", "json"] as const).map((end) => (
    <a key={end} className="button button-secondary" href={url(`${at}/comments.${end}`)} download={`comments-${id}.${end}`}>
      {t(`review.${end}`)}
    </a>
  ));
}
