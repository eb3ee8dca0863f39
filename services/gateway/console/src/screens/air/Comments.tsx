import { type Dispatch, type FormEvent, type SetStateAction, useCallback, useMemo, useRef, useState } from "react";
import { activity } from "../../api/calls";
import { Intention } from "../../api/intention";
import { usePinnedComment, useProductNames } from "../../api/queries";
import type { Activity, Session } from "../../api/types";
import { t } from "../../i18n";
import { COMMENT, taken, trimmed } from "../../lib/text";
import { type Lane, linesOf } from "../../live/feed";
import type { Live } from "../../live/useLive";
import { Button } from "../../ui/Button";
import { SegmentedControl } from "../../ui/SegmentedControl";
import { TextField } from "../../ui/TextField";
import { LiveList } from "../../ui/LiveList";
import { EmptyState } from "../../ui/EmptyState";
import { Skeleton } from "../../ui/Skeleton";
import { keyOf, placeOf } from "../board/ActivityFeed";
import { Older } from "../board/Older";
import { CommentLine } from "./CommentLine";
import { useChange } from "./useChange";
import { Badge } from "../../ui/Badge";

const KINDS = ["all", "general"] as const;

/** What is being written to everyone, and the comment that it answers. */
export interface Reply {
  text: string;
  to: Activity | null;
}

export const NO_REPLY: Reply = { text: "", to: null };

interface Props {
  session: Session;
  live: Live;
  /** Kept by whoever shows this: a look at another tab must not lose it. */
  reply: Reply;
  onReply: Dispatch<SetStateAction<Reply>>;
  /** Only what is asked and said about products. */
  aboutProducts?: boolean;
}

export function Comments({ session, live, reply, onReply, aboutProducts = false }: Props) {
  const id = session.session_id;
  const open = session.state !== "ended";
  const [kind, setKind] = useState<(typeof KINDS)[number]>("all");
  const field = useRef<HTMLFormElement>(null);
  const lanes: readonly Lane[] = aboutProducts ? ["product"] : kind === "all" ? ["general", "product"] : ["general"];
  const titles = useProductNames(id);
  const names = useMemo(() => namesOf(live.feed.items), [live.feed.items]);
  const pinned = session.pinned_comment_id ?? "";
  const answer = useCallback(
    (to: Activity) => {
      onReply((before) => ({ ...before, to }));
      field.current?.querySelector("input")?.focus();
    },
    [onReply],
  );
  const line = useCallback(
    (comment: Activity) => (
      <CommentLine
        comment={comment}
        sessionId={id}
        open={open}
        pinned={comment.subject_id === pinned}
        product={titles.get(comment.product_id ?? "")}
        answers={names.get(comment.reply_to ?? "")}
        onAnswer={answer}
      />
    ),
    [id, open, pinned, titles, names, answer],
  );

  return (
    <div className="comments">
      {open && <Write ref={field} session={session} reply={reply} onReply={onReply} />}
      {!aboutProducts && (
        <SegmentedControl
          label={t("comments.kind")}
          value={kind}
          onChange={setKind}
          choices={KINDS.map((one) => ({ id: one, text: t(`comments.${one}`) }))}
        />
      )}
      <Pinned session={session} />
      <LiveList
        key={lanes.join()}
        label={t(aboutProducts ? "prompter.product-comments" : "comments")}
        items={linesOf(live.feed, lanes)}
        keyOf={keyOf}
        placeOf={placeOf}
        render={line}
        lines={2.8}
        empty={live.reading ? <Skeleton lines={6} /> : <EmptyState title={t(aboutProducts ? "comments.none-product" : "comments.none")} />}
        after={<Older live={live} lanes={lanes} />}
      />
    </div>
  );
}

/** Who wrote which comment, for "in reply to". */
function namesOf(lines: readonly Activity[]): ReadonlyMap<string, string> {
  const said = lines.filter((line) => line.kind === "comment");
  return new Map(said.map((line) => [line.subject_id, line.from_host ? t("comments.host") : (line.viewer_name ?? "")]));
}

/** The comment that stands on top for everyone, however old it is. */
function Pinned({ session }: { session: Session }) {
  const id = session.session_id;
  const comment = usePinnedComment(id, session.pinned_comment_id ?? "").data;
  const unpin = useChange(id, () => activity.unpinComment(id, session.pinned_comment_id ?? ""));
  if (!session.pinned_comment_id || !comment) return null;
  return (
    <div className="comment comment-pinned">
      <p className="comment-head">
        <Badge tone="info">{t("comments.pinned")}</Badge>
        <strong>{comment.from_host ? t("comments.host") : comment.author_name}</strong>
        {session.state !== "ended" && (
          <Button kind="quiet" small isPending={unpin.isPending} onPress={() => unpin.mutate()}>{t("comments.unpin")}</Button>
        )}
      </p>
      <p className="comment-text" dir="auto">{comment.text}</p>
    </div>
  );
}

type WriteProps = Pick<Props, "session" | "reply" | "onReply"> & { ref: React.Ref<HTMLFormElement> };

function Write({ ref, session, reply, onReply }: WriteProps) {
  const id = session.session_id;
  const { text, to } = reply;
  const [saying] = useState(() => new Intention());
  const send = useChange(
    id,
    (said: Reply) => {
      const to = said.to?.subject_id ?? "";
      return saying.send([said.text, to], (key) => activity.reply(id, to, trimmed(said.text), key));
    },
    (said) => {
      saying.done();
      // What was typed while it was being sent stays.
      onReply((now) => (now === said ? NO_REPLY : now));
    },
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (taken(text, COMMENT)) send.mutate(reply);
  };
  const alone = () => onReply((now) => ({ ...now, to: null }));
  if (session.state === "prepared") return <p className="muted small">{t("comments.later")}</p>;
  return (
    <form ref={ref} className="reply" onSubmit={submit} onKeyDown={(event) => event.key === "Escape" && alone()}>
      {to && (
        <p className="muted small reply-to">
          <span dir="auto">{t("comments.replying", { name: to.viewer_name ?? "", text: to.summary })}</span>
          <Button kind="quiet" small aria-label={t("action.cancel")} onPress={alone}>×</Button>
        </p>
      )}
      <div className="reply-row">
        <TextField label={t("comments.write")} hideLabel placeholder={t("comments.write")} rule={COMMENT} value={text} onChange={(text) => onReply((now) => ({ ...now, text }))} />
        <Button kind="primary" type="submit" isPending={send.isPending} isDisabled={!taken(text, COMMENT)}>
          {t("action.send")}
        </Button>
      </div>
    </form>
  );
}
