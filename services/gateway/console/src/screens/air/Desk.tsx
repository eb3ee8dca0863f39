import { useState } from "react";
import { useBoard, useMetrics } from "../../api/queries";
import type { Session } from "../../api/types";
import { t } from "../../i18n";
import { openBoard } from "../../lib/windows";
import { useLive } from "../../live/useLive";
import { Recap } from "../board/Recap";
import { DeskBar } from "./DeskBar";
import { LiveFeed } from "./feed/LiveFeed";
import { MetricsPanel } from "./MetricsPanel";
import { ProductPanel } from "./ProductPanel";
import { Prompter, type Prompt, PROMPTS } from "./Prompter";
import { Shortcuts } from "./Shortcuts";

interface Props {
  session: Session;
  /** The page is the LIVE's own window. */
  own: boolean;
  /** The camera was on in the window that opened this one. */
  cameraOn: boolean;
}

/** The host's desk: metrics, products, the LIVE itself, and the Prompter, all in sight at once. */
export function Desk({ session, own, cameraOn }: Props) {
  const id = session.session_id;
  const ended = session.state === "ended";
  const live = useLive(id, !ended);
  const board = useBoard(id).data;
  const metrics = useMetrics();
  const [prompt, setPrompt] = useState<Prompt>("comments");
  const [part, setPart] = useState("bag");
  const actions = {
    search: () => {
      setPart("bag");
      soon(() => find(".bag-tools input")?.focus());
    },
    add: () => {
      setPart("bag");
      soon(() => find(".bag-tools .button-primary")?.click());
    },
    write: () => {
      setPrompt("comments");
      soon(() => find(".reply input")?.focus());
    },
    board: () => openBoard(id),
    prompt: (place: number) => {
      const chosen = PROMPTS[place];
      if (!chosen) return;
      setPrompt(chosen);
      soon(() => find(".pane-prompter [role=tab][aria-selected=true]")?.focus());
    },
  };
  return (
    <div className="desk" data-state={session.state}>
      <DeskBar session={session} board={board} live={live} own={own}>
        <Shortcuts actions={actions} />
      </DeskBar>
      {board ? <MetricsPanel board={board} metrics={metrics} stale={live.state === "reconnecting"} /> : <div className="desk-metrics" />}
      <main id="main" className="desk-body" tabIndex={-1}>
        <ProductPanel session={session} open={part} onOpen={setPart} />
        {ended ? (
          <div className="pane pane-past">
            <p className="past-note">{t("past.read-only")}</p>
            <Recap sessionId={id} metrics={metrics} />
          </div>
        ) : (
          <LiveFeed session={session} own={own} cameraOn={cameraOn} />
        )}
        <Prompter session={session} live={live} metrics={metrics} open={prompt} onOpen={setPrompt} />
      </main>
    </div>
  );
}

const find = (selector: string) => document.querySelector<HTMLElement>(selector);
/** Once the tab that was chosen is in the page. */
const soon = (act: () => void) => setTimeout(act, 50);
