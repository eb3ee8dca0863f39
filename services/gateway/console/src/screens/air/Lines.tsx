import Gift from "lucide-react/icons/gift";
import Order_ from "lucide-react/icons/shopping-bag";
import Follow from "lucide-react/icons/user-plus";
import { memo } from "react";
import { activity } from "../../api/calls";
import type { Activity, Order, Session } from "../../api/types";
import { named, t } from "../../i18n";
import { amount, clock } from "../../lib/format";
import { Badge } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { orderTone } from "../../ui/orderTone";
import { OrderActions } from "./OrderActions";
import { orderNumber } from "../../lib/orderNumber";
import { useCommand } from "./useCommand";

/** What an answer answers. */
export interface Answered {
  name: string;
  text: string;
}

interface CommentProps {
  comment: Activity;
  sessionId: string;
  /** False once nothing can be changed any more. */
  open: boolean;
  pinned: boolean;
  product: string | undefined;
  answers: Answered | undefined;
  onAnswer: (comment: Activity) => void;
}

export const CommentLine = memo(function CommentLine({ comment, sessionId, open, pinned, product, answers, onAnswer }: CommentProps) {
  const name = comment.from_host ? t("comments.host") : comment.viewer_name || t("activity.viewer");
  return (
    <div className={comment.from_host ? "comment comment-host" : "comment"} data-position={comment.position}>
      {comment.reply_to && (
        <p className="comment-answers muted small" dir="auto">
          {answers ? t("comments.answers", { name: answers.name || t("activity.viewer"), text: answers.text }) : t("comments.in-reply", { name: t("activity.viewer") })}
        </p>
      )}
      <p className="comment-head">
        <strong>{name}</strong>
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

function Actions({ comment, sessionId: id, name, pinned, onAnswer }: Pick<CommentProps, "comment" | "sessionId" | "pinned" | "onAnswer"> & { name: string }) {
  const pin = useCommand(id, {
    what: () => t(pinned ? "comments.unpin-of" : "comments.pin-of", { name }),
    send: (_, how) => (pinned ? activity.unpinComment(id, comment.subject_id, how) : activity.pinComment(id, comment.subject_id, how)),
  });
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

const MARKS = { order: Order_, follow: Follow, gift: Gift, comment: Order_ };

/** What is said of it. An order's own reference says nothing to people, and its number stands above. */
function words(line: Activity, order: Order | undefined): string {
  if (line.kind === "follow") return t("activity.followed");
  return line.summary === order?.reference ? "" : line.summary;
}

/** An order, a follow, a gift. */
export const FeedLine = memo(function FeedLine({ line, order, session }: { line: Activity; order: Order | undefined; session: Session }) {
  const Mark = MARKS[line.kind];
  const state = order?.state ?? line.state;
  return (
    <div className={`feed-line feed-${line.kind}`} data-position={line.position}>
      <span className="feed-mark"><Mark size={14} role="img" aria-label={named("activity", line.kind)} /></span>
      <div className="feed-body">
        <p className="feed-head">
          <strong>{line.viewer_name || t("activity.viewer")}</strong>
          {line.kind === "order" && state && <Badge tone={orderTone(state)}>{named("order", state)}</Badge>}
          {line.payment_source === "simulated" && <Badge tone="warn">{named("payment", line.payment_source)}</Badge>}
          {order && <span className="muted small">{t("orders.number", { number: orderNumber(order.reference) })}</span>}
          <time dateTime={line.time} className="muted tabular feed-time">{clock(line.time)}</time>
        </p>
        <p className="feed-text" dir="auto">
          <span>{words(line, order)}</span>
          {line.amount && <span className="feed-amount tabular">{amount(line.amount)}</span>}
        </p>
      </div>
      {order && <OrderActions order={order} session={session} />}
    </div>
  );
});
