import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useEffect, useState } from "react";
import { activity } from "../../api/calls";
import { keys, useBag, useComments } from "../../api/queries";
import type { Comment, Session } from "../../api/types";
import { t } from "../../i18n";
import { clock } from "../../lib/format";
import { useThrottled } from "../../lib/throttle";
import { Button } from "../../ui/Button";
import { Segments, TextField } from "../../ui/Fields";
import { EmptyNote, Loading, ProblemNote } from "../../ui/Notes";
import { useChange } from "./useChange";

const KINDS = ["all", "general", "product"] as const;

interface Props {
  session: Session;
  /** Position of the newest activity: when it moves there may be new comments. */
  newest: number;
}

export function Comments({ session, newest }: Props) {
  const id = session.session_id;
  const [kind, setKind] = useState<(typeof KINDS)[number]>("all");
  const [answering, setAnswering] = useState<Comment | null>(null);
  const list = useComments(id, kind === "all" ? "" : kind);
  const names = new Map(useBag(id, "").data?.items.map((item) => [item.product.product_id, item.product.title]));
  const cache = useQueryClient();
  const settled = useThrottled(newest, 1000);
  useEffect(() => void cache.invalidateQueries({ queryKey: keys.comments(id) }), [cache, id, settled]);
  const comments = list.data?.pages.flatMap((page) => page.comments) ?? [];
  // A pinned comment stands at the top, wherever it stood in time.
  const ordered = [...comments.filter((one) => one.pinned), ...comments.filter((one) => !one.pinned)];

  return (
    <>
      <Segments
        label={t("comments.kind")}
        value={kind}
        onChange={setKind}
        choices={KINDS.map((one) => ({ id: one, text: t(`comments.${one}`) }))}
      />
      {session.state !== "ended" && <Reply session={session} to={answering} onDone={() => setAnswering(null)} />}
      {list.isPending && <Loading />}
      {list.error && <ProblemNote error={list.error} />}
      {list.data && comments.length === 0 && <EmptyNote title={t("comments.none")} />}
      <ul className="comments">
        {ordered.map((comment) => (
          <Line
            key={comment.comment_id}
            comment={comment}
            session={session}
            product={names.get(comment.product_id ?? "")}
            onReply={() => setAnswering(comment)}
          />
        ))}
      </ul>
      {list.hasNextPage && (
        <Button className="load-more" isPending={list.isFetchingNextPage} onPress={() => void list.fetchNextPage()}>
          {t("action.more")}
        </Button>
      )}
    </>
  );
}

interface LineProps {
  comment: Comment;
  session: Session;
  product: string | undefined;
  onReply: () => void;
}

function Line({ comment, session, product, onReply }: LineProps) {
  const id = session.session_id;
  const pin = useChange(id, () =>
    comment.pinned ? activity.unpinComment(id, comment.comment_id) : activity.pinComment(id, comment.comment_id),
  );
  return (
    <li className={comment.pinned ? "comment comment-pinned" : "comment"}>
      <p className="comment-head">
        <strong>{comment.from_host ? t("comments.host") : comment.author_name}</strong>
        <time dateTime={comment.create_time} className="muted small tabular">
          {clock(comment.create_time)}
        </time>
        {comment.pinned && <span className="badge badge-label">{t("comments.pinned")}</span>}
        {comment.reply_to && <span className="muted small">{t("comments.reply-mark")}</span>}
        {product && <span className="muted small comment-product">{product}</span>}
      </p>
      <p className="comment-text" dir="auto">{comment.text}</p>
      {session.state !== "ended" && (
        <p className="comment-actions">
          <Button kind="quiet" small onPress={onReply}>
            {t("comments.reply")}
          </Button>
          <Button kind="quiet" small isPending={pin.isPending} onPress={() => pin.mutate()}>
            {comment.pinned ? t("comments.unpin") : t("comments.pin")}
          </Button>
        </p>
      )}
    </li>
  );
}

function Reply({ session, to, onDone }: { session: Session; to: Comment | null; onDone: () => void }) {
  const id = session.session_id;
  const [text, setText] = useState("");
  const send = useChange(id, () => activity.reply(id, to?.comment_id ?? "", text.trim()), () => {
    setText("");
    onDone();
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (text.trim()) send.mutate();
  };
  return (
    <form className="reply" onSubmit={submit}>
      {to && (
        <p className="muted small reply-to">
          <span dir="auto">{t("comments.replying", { name: to.author_name, text: to.text })}</span>
          <Button kind="quiet" small aria-label={t("action.cancel")} onPress={onDone}>×</Button>
        </p>
      )}
      <div className="row">
        <TextField label={t("comments.write")} hideLabel placeholder={t("comments.write")} maxLength={500} value={text} onChange={setText} />
        <Button kind="primary" type="submit" isPending={send.isPending} isDisabled={!text.trim()}>
          {t("action.send")}
        </Button>
      </div>
    </form>
  );
}
