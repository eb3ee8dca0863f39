import Check from "lucide-react/icons/check";
import Clock from "lucide-react/icons/clock";
import Question from "lucide-react/icons/message-circle-question-mark";
import { useState } from "react";
import { type Registry, useOrders, useProductNames, useSuggestions } from "../../api/queries";
import type { Activity, Order, Session } from "../../api/types";
import { t } from "../../i18n";
import { amount, count, duration } from "../../lib/format";
import { useNow } from "../../lib/now";
import { unanswered } from "../../live/questions";
import type { Live } from "../../live/useLive";
import { Button } from "../../ui/Button";
import { NotKnown } from "../../ui/Notes";
import { EmptyState } from "../../ui/EmptyState";
import { part } from "../../ui/part";
import { Skeleton } from "../../ui/Skeleton";
import { Tabs } from "../../ui/Tabs";
import type { SuggestionsProps } from "../board/Suggestions";
import { OrderActions } from "./OrderActions";

const Suggestions = part<SuggestionsProps>(() => import("../board/Suggestions").then((file) => file.Suggestions), () => <Skeleton />);

/** An unpaid order is told of when it lapses within this time. */
const SOON_MS = 5 * 60_000;
const MOST_SHOWN = 30;

export const PARTS = ["needs", "suggestions"] as const;
export type Part = (typeof PARTS)[number];

interface Props {
  session: Session;
  live: Live;
  metrics: Registry;
  open: Part;
  onOpen: (part: Part) => void;
  onAnswer: (comment: Activity) => void;
}

/** What waits for the host: questions without an answer, orders about to lapse, and what Showfloor suggests. */
export function Attention({ session, live, metrics, open, onOpen, onAnswer }: Props) {
  const id = session.session_id;
  const known = session.source !== "import";
  const running = session.state !== "ended";
  const [done, setDone] = useState<ReadonlySet<string>>(new Set());
  const questions = running ? unanswered(live.feed.items).filter((line) => !done.has(line.subject_id)) : [];
  const lapsing = useLapsing(id, running);
  const advice = useSuggestions(id, known).data?.suggestions.length ?? 0;
  const needs = questions.length + lapsing.orders.length;
  return (
    <section className="pane attention" aria-label={t("attention")}>
      <Tabs
        label={t("attention")}
        selected={open}
        onChange={onOpen}
        tabs={[
          {
            id: "needs",
            text: t("attention.needs"),
            count: needs || undefined,
            content: known ? (
              <Needs session={session} questions={questions} {...lapsing} onAnswer={onAnswer} onDone={(line) => setDone(new Set(done).add(line.subject_id))} />
            ) : (
              <NotKnown />
            ),
          },
          {
            id: "suggestions",
            text: t("prompter.suggestions"),
            count: advice || undefined,
            content: known ? <Suggestions sessionId={id} metrics={metrics} /> : <NotKnown />,
          },
        ]}
      />
    </section>
  );
}

/** Orders that are not paid yet and lapse soon, the first one first. */
function useLapsing(id: string, running: boolean): { orders: Order[]; now: number } {
  const orders = useOrders(id, running).data?.pages.flatMap((page) => page.orders) ?? [];
  const waiting = running ? orders.filter((order) => order.state === "placed" && order.expire_time) : [];
  const now = useNow(waiting.length > 0);
  const lapseOf = (order: Order) => Date.parse(order.expire_time!);
  const soon = waiting.filter((order) => lapseOf(order) > now && lapseOf(order) - now < SOON_MS);
  return { orders: soon.sort((a, b) => lapseOf(a) - lapseOf(b)), now };
}

interface NeedsProps {
  session: Session;
  questions: readonly Activity[];
  orders: readonly Order[];
  now: number;
  onAnswer: (comment: Activity) => void;
  onDone: (comment: Activity) => void;
}

function Needs({ session, questions, orders, now, onAnswer, onDone }: NeedsProps) {
  const names = useProductNames(session.session_id);
  if (questions.length + orders.length === 0) {
    return <EmptyState title={t("attention.none")}><p className="small">{t("attention.none-hint")}</p></EmptyState>;
  }
  const hidden = questions.length - MOST_SHOWN;
  return (
    <ul className="needs" aria-label={t("attention.needs")}>
      {orders.map((order) => (
        <li key={order.order_id} className="need need-order">
          <Clock size={16} aria-hidden />
          <p>
            <strong>{t("attention.lapses", { amount: amount(order.total), time: duration((Date.parse(order.expire_time!) - now) / 1000) })}</strong>
          </p>
          <OrderActions order={order} session={session} />
        </li>
      ))}
      {questions.slice(0, MOST_SHOWN).map((line) => {
        const name = line.viewer_name || t("activity.viewer");
        return (
          <li key={line.subject_id} className="need">
            <Question size={16} aria-hidden />
            <p dir="auto">
              <strong>{name}</strong> {line.product_id && <span className="comment-product">{names.get(line.product_id) ?? t("orders.product")}</span>}
              <span className="need-text">{line.summary}</span>
            </p>
            <span className="need-actions">
              {session.state !== "prepared" && (
                <Button small aria-label={t("attention.answer-of", { name })} onPress={() => onAnswer(line)}>{t("attention.answer")}</Button>
              )}
              <Button small kind="quiet" className="icon-button" aria-label={t("attention.done-of", { name })} icon={<Check aria-hidden />} onPress={() => onDone(line)} />
            </span>
          </li>
        );
      })}
      {hidden > 0 && <li className="muted small need-more">{t("attention.more", { n: count(hidden) })}</li>}
    </ul>
  );
}
