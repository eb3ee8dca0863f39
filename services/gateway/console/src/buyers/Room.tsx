import BagIcon from "lucide-react/icons/shopping-bag";
import { useEffect, useRef, useState } from "react";
import type { BagItem, Watch } from "../api/types";
import { watch } from "../api/watch";
import { t } from "../i18n";
import { count } from "../lib/format";
import { type Asked, useAsked } from "./asked";
import { Chat } from "./Chat";
import { Ended } from "./Ended";
import { Goods, Pinned } from "./Goods";
import { LikeButton, useHearts } from "./Hearts";
import { Line } from "./Line";
import { tokenOf } from "./known";
import { later } from "./later";
import { type Reserved, useOrders } from "./orders";
import { Player } from "./player/Player";
import { Reservations } from "./Reservations";
import { Sheet } from "./Sheet";
import { useLikes, useShown } from "./signals";
import { Top } from "./Top";
import { useJoined } from "./useJoined";
import { useSaying } from "./useSaying";
import { useWide, useSeen } from "./useRoom";
import { useWatching } from "./useWatching";
import { Join, Write } from "./Write";

const Buy = later(() => import("./Buy").then((one) => one.Buy));
const Placed = later(() => import("./Placed").then((one) => one.Placed));
const Share = later(() => import("./Share").then((one) => one.Share));
const SELLER_MS = 60_000;

type Open = { what: "bag" } | { what: "share" } | { what: "buy"; item: BagItem } | { what: "order"; id: string } | null;

interface Props {
  room: Asked<Watch>;
  seen: Watch;
}

/** A LIVE as its viewers have it. */
export function Room({ room, seen: { session, items, pinned_comment: pinnedComment, test_checkout: pretence } }: Props) {
  const sessionId = session.session_id;
  const onAir = session.state === "live";
  // A replay shows only what was recorded: nobody can add to it.
  const open = onAir && session.source !== "replay";
  const joined = useJoined(session);
  const { viewer } = joined;
  const live = useWatching(room, sessionId, viewer, onAir, joined.lose);
  const orders = useOrders(sessionId, viewer?.token ?? (onAir ? "" : tokenOf(session.account_id)));
  const seller = useAsked(() => watch.seller(sessionId), SELLER_MS, (_known, next) => next).data;
  useEffect(() => {
    if (viewer) for (const sheet of [Buy, Placed]) sheet.prefetch(); // who is in the room may buy
  }, [viewer]);
  const saying = useSaying(sessionId, joined);
  const shown = useShown(sessionId, open ? viewer : null);
  const hearts = useHearts(useLikes(sessionId, joined));
  const [sheet, setSheet] = useState<Open>(null);
  const [about, setAbout] = useState("");
  const field = useRef<HTMLInputElement>(null);
  const wide = useWide();
  const box = useSeen();
  const pinned = items.find((item) => item.pinned);
  const order = sheet?.what === "order" ? orders.orders.find((one) => one.orderId === sheet.id) : undefined;

  const look = (item: BagItem) => {
    setSheet({ what: "buy", item });
    // A click counts whether or not an order follows; one that is lost is not worth a message.
    if (viewer) void watch.click(sessionId, viewer.token, item.product.product_id).catch(() => undefined);
  };
  const ask = (productId: string) => {
    setSheet(null);
    setAbout(productId);
    // After the sheet has given the focus back.
    setTimeout(() => field.current?.focus());
  };
  const close = () => setSheet(null);
  const openOrder = ({ orderId }: Reserved) => setSheet({ what: "order", id: orderId });
  const actions = { open, shown, onLook: look, onAsk: ask };
  const bag = (
    <>
      <Reservations orders={orders.orders} onOpen={openOrder} />
      <Goods items={items} {...actions} />
    </>
  );
  const subject = items.find((item) => item.product.product_id === about)?.product.title ?? "";
  return (
    <main id="main" className="live" ref={box} tabIndex={-1}>
      <div className="live-picture" onDoubleClick={open ? hearts.like : undefined}><Player session={session} /></div>
      <Top session={session} joined={joined} open={open} seller={seller} onShare={() => setSheet({ what: "share" })} />
      {wide && (
        <section className="live-bag" aria-labelledby="bag-title">
          <h2 id="bag-title">{t("watch.bag")} <span>{count(items.length)}</span></h2>
          {bag}
        </section>
      )}
      <div className="live-over">
        {!onAir && <Ended sessionId={sessionId} orders={orders.orders.length > 0} onBag={wide ? undefined : () => setSheet({ what: "bag" })} />}
        {onAir && pinned && <Pinned key={pinned.product.product_id} item={pinned} {...actions} />}
      </div>
      <section className="live-chat" aria-label={t("watch.chat")}>
        <Line live={live} lost={room.error !== undefined} joined={viewer !== null} onRetry={viewer ? live.retry : room.again} />
        {(viewer || saying.own.length > 0 || pinnedComment) && (
          <Chat heard={live.feed.items} own={saying.own} onAgain={saying.again} items={items} pinned={pinnedComment ?? null} name={viewer?.name ?? ""} open={open} hears={viewer !== null} />
        )}
        {open && !viewer && <p className="join-hint">{t("watch.join-hint")}</p>}
      </section>
      <div className="live-bar">
        {!wide && (
          <button type="button" className="round bag-button" aria-label={t("watch.open-bag", { n: items.length })} onClick={() => setSheet({ what: "bag" })}>
            <BagIcon size={22} aria-hidden />
            {items.length > 0 && <span className="bag-count" aria-hidden="true">{count(items.length)}</span>}
          </button>
        )}
        {open && (viewer ? (
          <Write field={field} about={subject} onGeneral={() => setAbout("")} onSay={(text) => { saying.say(text, subject && about); setAbout(""); }} />
        ) : (
          <Join field={field} joined={joined} />
        ))}
        {open && <LikeButton hearts={hearts} />}
      </div>
      {sheet?.what === "bag" && <Sheet title={t("watch.bag")} onClose={close}>{bag}</Sheet>}
      {sheet?.what === "share" && (
        <Share sessionId={sessionId} title={session.title} onShared={() => viewer && void watch.share(sessionId, viewer.token).catch(() => undefined)} onClose={close} />
      )}
      {sheet?.what === "buy" && (
        <Buy key={sheet.item.product.product_id} sessionId={sessionId} item={sheet.item} joined={joined} onAsk={ask} onClose={close} onPlaced={(placed) => { orders.put(placed); openOrder(placed); }} />
      )}
      {order && <Placed sessionId={sessionId} order={order} orders={orders} joined={joined} seller={seller} pretence={pretence ?? false} onClose={close} />}
    </main>
  );
}
