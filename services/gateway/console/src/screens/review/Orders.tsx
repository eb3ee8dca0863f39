import { useDeferredValue, useMemo, useState } from "react";
import { useProductNames } from "../../api/queries";
import type { Order, OrderState, Session } from "../../api/types";
import { named, t } from "../../i18n";
import { amount, count, list as listed } from "../../lib/format";
import { itemName } from "../../lib/itemName";
import { Badge } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { Chips } from "../../ui/Chips";
import { Dense } from "../../ui/Dense";
import { EmptyState } from "../../ui/EmptyState";
import { LoadMore } from "../../ui/LoadMore";
import { ProblemNote } from "../../ui/Notes";
import { orderTone } from "../../ui/orderTone";
import { SearchField } from "../../ui/SearchField";
import { Skeleton } from "../../ui/Skeleton";
import { type Column, Table } from "../../ui/Table";
import { OrderActions } from "../air/OrderActions";
import { When } from "./Comments";
import { found } from "./found";
import { useAllOrders } from "./useAll";

const SHOWN = 100; // rows at a time
const STATES = ["paid", "placed", "refunded", "cancelled", "expired"] as const;
type Choice = "all" | OrderState;

type Names = ReadonlyMap<string, string>;

const items = (order: Order, names: Names) =>
  listed(order.items.map((item) => itemName(item, names)));

/** Every order of a LIVE that is over. */
export function Orders({ session }: { session: Session }) {
  const id = session.session_id;
  const { orders, whole, isPending, error, refetch } = useAllOrders(id);
  const names = useProductNames(id);
  const [text, setText] = useState("");
  const [state, setState] = useState<Choice>("all");
  const [most, setMost] = useState(SHOWN);
  const wanted = useDeferredValue(text);
  const rows = useMemo(
    () => orders.filter((one) => (state === "all" || one.state === state) && found(wanted, one.reference, items(one, names), amount(one.total))),
    [orders, state, wanted, names],
  );
  if (isPending) return <Skeleton lines={8} />;
  if (error) return <ProblemNote error={error} retry={() => void refetch()} />;
  if (orders.length === 0) return <EmptyState title={t("orders.none-ended")} />;
  const of = (one: Choice) => (one === "all" ? orders.length : orders.filter((order) => order.state === one).length);
  const clear = () => {
    setText("");
    setState("all");
  };
  return (
    <>
      <div className="toolbar" role="search">
        <SearchField label={t("review.orders-search")} value={text} onChange={setText} />
        <Chips<Choice>
          single
          label={t("sessions.state")}
          chosen={[state]}
          onChange={([next]) => next && setState(next)}
          chips={[
            { id: "all", text: t("review.comments-all"), count: count(of("all")) },
            ...STATES.filter((one) => of(one) > 0).map((one) => ({ id: one, text: named("order", one), count: count(of(one)) })),
          ]}
        />
      </div>
      <p className="muted small list-foot" role="status">{whole ? t("review.orders-count", { n: rows.length }) : t("loading")}</p>
      <Dense>
        <Table
          label={t("orders")}
          columns={columns(session, names)}
          rows={rows.slice(0, most)}
          keyOf={(one) => one.order_id}
          empty={<EmptyState title={t("review.orders-none-found")}><Button onPress={clear}>{t("sessions.clear")}</Button></EmptyState>}
        />
      </Dense>
      {rows.length > most && (
        <LoadMore isLoading={false} onMore={() => setMost(most + SHOWN)} shown={t("sessions.shown", { n: count(most), total: count(rows.length) })} />
      )}
    </>
  );
}

const columns = (session: Session, names: Names): Column<Order>[] => [
  { id: "reference", head: t("review.order"), isRowHeader: true, cell: (one) => one.reference },
  { id: "time", head: t("review.when"), cell: (one) => <When time={one.place_time} session={session} /> },
  { id: "items", head: t("products"), cell: (one) => <span className="said">{items(one, names)}</span> },
  { id: "total", head: t("review.total"), number: true, cell: (one) => amount(one.total) },
  {
    id: "refunded", head: t("order.refunded"), number: true,
    cell: (one) => (one.refunded && one.refunded.minor > 0 ? amount(one.refunded) : ""),
  },
  { id: "state", head: t("sessions.state"), cell: (one) => <Marks order={one} /> },
  {
    id: "actions", stays: true, head: <span className="visually-hidden">{t("sessions.actions")}</span>,
    cell: (one) => <OrderActions order={one} session={session} />,
  },
];

function Marks({ order }: { order: Order }) {
  return (
    <span className="cell-badges review-marks">
      <Badge tone={orderTone(order.state)}>{named("order", order.state)}</Badge>
      {order.payment_source && order.payment_source !== "unspecified" && (
        <Badge tone={order.payment_source === "simulated" ? "warn" : "neutral"}>{named("payment", order.payment_source)}</Badge>
      )}
      {order.revived && <Badge tone="warn" title={t("orders.revived.hint")}>{t("orders.revived")}</Badge>}
      {order.first_time_buyer && <Badge tone="info">{t("orders.first")}</Badge>}
    </span>
  );
}
