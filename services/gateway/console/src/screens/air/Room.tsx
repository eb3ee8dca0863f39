import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useState } from "react";
import { keys, useBag, useBoard, useMetrics } from "../../api/queries";
import type { Activity, Session } from "../../api/types";
import { OnAir } from "../../app/OnAir";
import { Soon } from "../../app/Soon";
import { t } from "../../i18n";
import { useThrottled } from "../../lib/throttle";
import { openBoard } from "../../lib/windows";
import { linesOf } from "../../live/feed";
import { type Live, useLive } from "../../live/useLive";
import { SegmentedControl } from "../../ui/SegmentedControl";
import { textSize, useTextSize } from "../../ui/TextSize";
import { Attention, type Part } from "./Attention";
import { Programme } from "./feed/Programme";
import { Leaving } from "./Leaving";
import { MetricsPanel } from "./MetricsPanel";
import { Outbox } from "./Outbox";
import { Over } from "./Over";
import { RoomBar } from "./RoomBar";
import { ShowPanel } from "./ShowPanel";
import { Shortcuts } from "./Shortcuts";
import { SignInAgain } from "./SignInAgain";
import { Stream } from "./Stream";
import { usePin } from "./usePin";
import { NO_REPLY } from "./Write";
import "./room.css";

/** What a narrow screen shows one at a time. */
const PANES = ["programme", "show", "stream", "attention"] as const;
type Pane = (typeof PANES)[number];

interface Props {
  session: Session;
  /** This window is the one that steers the LIVE. */
  here: boolean;
  /** The page is the LIVE's own window. */
  own: boolean;
  /** The camera was on in the window that opened this one. */
  cameraOn: boolean;
}

/** The control room of a LIVE: the run of show, the picture, everything that happens, and what waits for the host. */
export function Room({ session, here, own, cameraOn }: Props) {
  const id = session.session_id;
  const ended = session.state === "ended";
  const onAir = session.state === "live" && session.source === "live";
  const live = useLive(id, !ended);
  const board = useBoard(id).data;
  const metrics = useMetrics();
  const [pane, setPane] = useState<Pane>("programme");
  const [tab, setTab] = useState("bag");
  const [part, setPart] = useState<Part>("needs");
  const [size, setSize] = useTextSize();
  const [reply, setReply] = useState(NO_REPLY);
  useFreshOrders(id, live);
  const pin = usePin(id);
  const items = useBag(id, "", session.source !== "import").data?.items ?? [];
  const answer = useCallback((to: Activity) => {
    setPane("stream");
    setReply((before) => ({ ...before, to }));
  }, []);
  const actions = {
    search: () => {
      setPane("show");
      setTab("bag");
      soon(() => find(".show-tools input")?.focus());
    },
    add: () => {
      setPane("show");
      setTab("bag");
      soon(() => find(".show-tools .button-primary")?.click());
    },
    write: () => {
      setPane("stream");
      soon(() => find(".reply input")?.focus());
    },
    board: () => openBoard(id),
    needs: () => {
      setPane("attention");
      soon(() => find(".attention [role=tab][aria-selected=true]")?.focus());
    },
    pin: (number: number) => {
      const item = items.find((one) => one.number === number);
      if (item && session.state === "live") pin.mutate(item);
    },
  };
  return (
    <div className="control-room" data-state={session.state} data-pane={pane} style={textSize(size)}>
      <Soon session={id} />
      <OnAir session={id} inRoom />
      <RoomBar session={session} board={board} live={live} own={own}>
        <Shortcuts actions={actions} />
      </RoomBar>
      {board ? <MetricsPanel board={board} metrics={metrics} stale={live.state === "reconnecting"} /> : <div className="room-metrics" />}
      <Outbox />
      <div className="room-panes">
        <SegmentedControl label={t("room.panes")} value={pane} onChange={setPane} choices={PANES.map((one) => ({ id: one, text: t(`room.pane-${one}`) }))} />
      </div>
      <main id="main" className="room-body" tabIndex={-1}>
        <ShowPanel session={session} open={tab} onOpen={setTab} />
        {ended ? (
          <Over session={session} />
        ) : (
          <Programme session={session} board={board} here={here} own={own} cameraOn={cameraOn} />
        )}
        <section className="room-side" aria-label={t("prompter")}>
          <Stream session={session} live={live} size={size} onSize={setSize} reply={reply} onReply={setReply} onAnswer={answer} />
          <Attention session={session} live={live} metrics={metrics} open={part} onOpen={setPart} onAnswer={answer} />
        </section>
      </main>
      <Leaving sessionId={id} onAir={onAir && here} />
      <SignInAgain held={session.state === "live"} />
    </div>
  );
}

const SETTLE_MS = 1_000;

/** Reads the orders again when one was told of, not more often than a person reads. */
function useFreshOrders(id: string, live: Live): void {
  const cache = useQueryClient();
  const newest = useThrottled(linesOf(live.feed, ["order"])[0]?.position ?? 0, SETTLE_MS);
  useEffect(() => void cache.invalidateQueries({ queryKey: keys.orders(id) }), [cache, id, newest]);
}

const find = (selector: string) => document.querySelector<HTMLElement>(selector);
/** Once the part that was chosen is in the page. */
const soon = (act: () => void) => setTimeout(act, 50);
