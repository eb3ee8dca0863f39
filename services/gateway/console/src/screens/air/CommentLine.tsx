import { memo } from "react";
import { activity } from "../../api/calls";
import type { Activity } from "../../api/types";
import { t } from "../../i18n";
import { clock } from "../../lib/format";
import { Button } from "../../ui/Button";
import { useChange } from "./useChange";

interface Props {
  comment: Activity;
  sessionId: string;
  /** False once nothing can be changed any more. */
  open: boolean;
  pinned: boolean;
  product: string | undefined;
  /** Who wrote what this answers. */
  answers: string | undefined;
  onAnswer: (comment: Activity) => void;
}

export const CommentLine = memo(function CommentLine({ comment, sessionId, open, pinned, product, answers, onAnswer }: Props) {
  const name = comment.from_host ? t("comments.host") : comment.viewer_name || t("activity.viewer");
  return (
    <div className={comment.from_host ? "comment comment-host" : "comment"}>
      <p className="comment-head">
        <strong>{name}</strong>
        {comment.reply_to && <span className="muted small">{t("comments.in-reply", { name: answers ?? t("activity.viewer") })}</span>}
        {comment.product_id && <span className="comment-product">{product ?? t("orders.product")}</span>}
        <time dateTime={comment.time} className="muted tabular">{clock(comment.time)}</time>
      </p>
      <div className="comment-body">
        <p className="comment-text" dir="auto">{comment.summary}</p>
        {open && <Actions comment={comment} sessionId={sessionId} name={name} pinned={pinned} onAnswer={onAnswer} />}
      </div>
    </div>
  );
});

function Actions({ comment, sessionId: id, name, pinned, onAnswer }: Pick<Props, "comment" | "sessionId" | "pinned" | "onAnswer"> & { name: string }) {
  const pin = useChange(id, () =>
    pinned ? activity.unpinComment(id, comment.subject_id) : activity.pinComment(id, comment.subject_id),
  );
  return (
    <span className="comment-actions">
      <Button kind="quiet" small aria-label={t("comments.reply-to", { name })} onPress={() => onAnswer(comment)}>
        {t("comments.reply")}
      </Button>
      <Button
        kind="quiet"
        small
        isPending={pin.isPending}
        aria-label={t(pinned ? "comments.unpin-of" : "comments.pin-of", { name })}
        onPress={() => pin.mutate()}
      >
        {t(pinned ? "comments.unpin" : "comments.pin")}
      </Button>
    </span>
  );
}
