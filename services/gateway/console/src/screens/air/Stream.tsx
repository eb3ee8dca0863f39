import { type Dispatch, type SetStateAction, useCallback, useMemo } from "react";
import { activity } from "../../api/calls";
import { useOrders, usePinnedComment, useProductNames } from "../../api/queries";
import type { Activity, Order, Session } from "../../api/types";
import { t } from "../../i18n";
import { isStrings, useStored } from "../../lib/stored";
import { LANES, type Lane, linesOf } from "../../live/feed";
import { FeedProblem } from "../../live/FeedProblem";
import { isQuestion } from "../../live/questions";
import type { Live } from "../../live/useLive";
import { Badge } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { Chips } from "../../ui/Chips";
import { LiveList } from "../../ui/LiveList";
import { NotKnown } from "../../ui/Notes";
import { EmptyState } from "../../ui/EmptyState";
import { part } from "../../ui/part";
import { Skeleton } from "../../ui/Skeleton";
import { TextSize } from "../../ui/TextSize";
import { Older } from "../board/Older";
import { type Answered, CommentLine, FeedLine } from "./Lines";
import type { OrdersProps } from "./Orders";
import { useCommand } from "./useCommand";
import { type Reply, Write } from "./Write";

const Orders = part<OrdersProps>(() => import("./Orders").then((file) => file.Orders), () => <Skeleton lines={6} />);

/** Each line is of one kind, so that the counts add up. */
const KINDS = ["comments", "questions", "orders", "follows", "gifts"] as const;
type Kind = (typeof KINDS)[number];

const LANES_OF: Record<Kind, readonly Lane[]> = {
  comments: ["general"],
  questions: ["general", "product"],
  orders: ["order"],
  follows: ["follow"],
  gifts: ["gift"],
};

function kindOf(line: Activity): Kind {
  if (line.kind === "comment") return isQuestion(line) ? "questions" : "comments";
  return `${line.kind}s`;
}

const keyOf = (line: Activity) => `${line.kind}:${line.subject_id || line.position}`;
const placeOf = (line: Activity) => line.position;

interface Props {
  session: Session;
  live: Live;
  size: number;
  onSize: (size: number) => void;
  reply: Reply;
  onReply: Dispatch<SetStateAction<Reply>>;
  onAnswer: (comment: Activity) => void;
}

/** Everything that happens, in one stream, with filters. */
export function Stream({ session, live, size, onSize, reply, onReply, onAnswer }: Props) {
  const known = session.source !== "import";
  const [stored, setChosen] = useStored("stream-kinds", [], isStrings);
  const chosen = KINDS.filter((kind) => stored.includes(kind));
  const lanes = chosen.length ? [...new Set(chosen.flatMap((kind) => LANES_OF[kind]))] : LANES;
  const kinds = new Set<Kind>(chosen);
  const lines = linesOf(live.feed, lanes).filter((line) => kinds.size === 0 || kinds.has(kindOf(line)));
  const counts = useMemo(() => countsOf(live.feed.items), [live.feed.items]);
  const line = useLine(session, live, onAnswer);
  const onlyOrders = chosen.length === 1 && chosen[0] === "orders";

  return (
    <section className="pane stream" aria-labelledby="stream-title">
      <header className="pane-head">
        <h2 id="stream-title">{t("stream")}</h2>
        <TextSize size={size} onChange={onSize} />
      </header>
      {known ? (
        <>
          <Chips
            label={t("stream.kinds")}
            chips={KINDS.map((kind) => ({ id: kind, text: t(`stream.${kind}`), count: counts[kind] }))}
            chosen={chosen}
            onChange={setChosen}
          />
          <FeedProblem live={live} />
          <Pinned session={session} />
          {onlyOrders ? (
            <Orders session={session} live={live} />
          ) : (
            <LiveList
              key={lanes.join()}
              label={t("stream.list")}
              items={lines}
              keyOf={keyOf}
              placeOf={placeOf}
              render={line}
              lines={2.8}
              empty={live.reading ? <Skeleton lines={6} /> : <Nothing session={session} filtered={chosen.length > 0} />}
              after={<Older live={live} lanes={lanes} />}
            />
          )}
          {session.state !== "ended" && <Write session={session} reply={reply} onReply={onReply} />}
        </>
      ) : (
        <NotKnown />
      )}
    </section>
  );
}

function countsOf(lines: readonly Activity[]): Record<Kind, number> {
  const counts: Record<Kind, number> = { comments: 0, questions: 0, orders: 0, follows: 0, gifts: 0 };
  for (const line of lines) counts[kindOf(line)]++;
  return counts;
}

function Nothing({ session, filtered }: { session: Session; filtered: boolean }) {
  if (filtered) return <EmptyState title={t("activity.none-of")} />;
  return (
    <EmptyState title={t("activity.none")}>
      {session.state !== "ended" && <p className="small">{t("stream.none-hint")}</p>}
    </EmptyState>
  );
}

/** How a line looks, with what it needs to know of others. */
function useLine(session: Session, live: Live, onAnswer: (comment: Activity) => void) {
  const id = session.session_id;
  const open = session.state !== "ended";
  const known = session.source !== "import";
  const titles = useProductNames(id, known);
  const answered = useMemo(() => answeredOf(live.feed.items), [live.feed.items]);
  const pages = useOrders(id, known).data?.pages;
  const orders = useMemo(() => new Map<string, Order>(pages?.flatMap((page) => page.orders).map((order) => [order.order_id, order])), [pages]);
  const pinned = session.pinned_comment_id ?? "";
  return useCallback(
    (one: Activity) =>
      one.kind === "comment" ? (
        <CommentLine
          comment={one}
          sessionId={id}
          open={open}
          pinned={one.subject_id === pinned}
          product={titles.get(one.product_id ?? "")}
          answers={answered.get(one.reply_to ?? "")}
          onAnswer={onAnswer}
        />
      ) : (
        <FeedLine line={one} order={orders.get(one.subject_id)} session={session} />
      ),
    [id, open, pinned, titles, answered, orders, session, onAnswer],
  );
}

/** Who wrote which comment, and what: shown above its answer. */
function answeredOf(lines: readonly Activity[]): ReadonlyMap<string, Answered> {
  const said = lines.filter((line) => line.kind === "comment");
  return new Map(
    said.map((line) => [line.subject_id, { name: line.from_host ? t("comments.host") : (line.viewer_name ?? ""), text: line.summary }]),
  );
}

/** The comment that stands on top for everyone, however old it is. */
function Pinned({ session }: { session: Session }) {
  const id = session.session_id;
  const comment = usePinnedComment(id, session.pinned_comment_id ?? "").data;
  const name = comment?.from_host ? t("comments.host") : (comment?.author_name ?? "");
  const unpin = useCommand(id, {
    what: () => t("comments.unpin-of", { name }),
    send: (_, how) => activity.unpinComment(id, session.pinned_comment_id ?? "", how),
  });
  if (!session.pinned_comment_id || !comment) return null;
  return (
    <div className="comment comment-pinned">
      <p className="comment-head">
        <Badge tone="info">{t("comments.pinned")}</Badge>
        <strong>{name}</strong>
        {session.state !== "ended" && (
          <Button kind="quiet" small isPending={unpin.isPending} onPress={() => unpin.mutate()}>{t("comments.unpin")}</Button>
        )}
      </p>
      <p className="comment-text" dir="auto">{comment.text}</p>
    </div>
  );
}
