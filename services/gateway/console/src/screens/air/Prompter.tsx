import { type ReactNode, useState } from "react";
import { Tab, TabList, TabPanel, Tabs } from "react-aria-components";
import { type Registry, useSuggestions } from "../../api/queries";
import type { Session } from "../../api/types";
import { t } from "../../i18n";
import { type Lane, linesOf } from "../../live/feed";
import { FeedProblem } from "../../live/FeedProblem";
import type { Live } from "../../live/useLive";
import { NotKnown } from "../../ui/Notes";
import { TextSize, textSize, useTextSize } from "../../ui/TextSize";
import { ActivityFeed } from "../board/ActivityFeed";
import { Suggestions } from "../board/Suggestions";
import { Comments, NO_REPLY } from "./Comments";
import { Orders } from "./Orders";
import { QUALITY } from "./parts";

export const PROMPTS = ["comments", "product-comments", "activity", "orders", "suggestions", "quality"] as const;
export type Prompt = (typeof PROMPTS)[number];

/** What a tab that is not open counts. */
const COUNTED: Partial<Record<Prompt, readonly Lane[]>> = { "product-comments": ["product"], orders: ["order"] };
const MOST_COUNTED = 99;

interface Props {
  session: Session;
  live: Live;
  metrics: Registry;
  open: Prompt;
  onOpen: (prompt: Prompt) => void;
}

/** The LIVE Prompter: what happens, what is said, and what to do about it. */
export function Prompter({ session, live, metrics, open, onOpen }: Props) {
  const id = session.session_id;
  const [size, setSize] = useTextSize();
  const [reply, setReply] = useState(NO_REPLY);
  const writing = { session, live, reply, onReply: setReply };
  const counts = useUnseen(live, open);
  const known = session.source !== "import";
  const advice = useSuggestions(id, known).data?.suggestions.length ?? 0;
  const count = (prompt: Prompt) => (prompt === "suggestions" && prompt !== open ? advice : (counts[prompt] ?? 0));
  const panels: Record<Prompt, ReactNode> = {
    comments: <Comments {...writing} />,
    "product-comments": <Comments {...writing} aboutProducts />,
    activity: <ActivityFeed live={live} />,
    orders: <Orders session={session} newest={linesOf(live.feed, ["order"])[0]?.position ?? 0} />,
    suggestions: <Suggestions sessionId={id} metrics={metrics} />,
    quality: <QUALITY.Panel session={session} />,
  };
  return (
    <section className="pane pane-prompter" aria-labelledby="prompter-title" style={textSize(size)}>
      <header className="pane-head">
        <h2 id="prompter-title">{t("prompter")}</h2>
        <TextSize size={size} onChange={setSize} />
      </header>
      <FeedProblem live={live} />
      <Tabs className="tabs" selectedKey={open} onSelectionChange={(key) => onOpen(key as Prompt)}>
        <TabList className="tab-list tab-list-grid" aria-label={t("prompter")}>
          {PROMPTS.map((one) => (
            <Tab key={one} id={one} className="tab">
              {t(one === "quality" ? "part.quality" : `prompter.${one}`)}
              {count(one) > 0 && <Count n={count(one)} />}
            </Tab>
          ))}
        </TabList>
        {PROMPTS.map((one) => (
          <TabPanel key={one} id={one} className="tab-panel">{known || one === "quality" ? panels[one] : <NotKnown />}</TabPanel>
        ))}
      </Tabs>
    </section>
  );
}

function Count({ n }: { n: number }) {
  return (
    <span className="tab-new">
      <span className="visually-hidden"> </span>
      {n > MOST_COUNTED ? `${MOST_COUNTED}+` : n}
      <span className="visually-hidden"> {t("prompter.new")}</span>
    </span>
  );
}

/** How many lines came since a tab was last open. */
function useUnseen(live: Live, open: Prompt): Partial<Record<Prompt, number>> {
  const [seen, setSeen] = useState<Partial<Record<Prompt, number>>>({});
  const counts: Partial<Record<Prompt, number>> = {};
  if (live.reading) return counts;
  for (const [prompt, lanes] of Object.entries(COUNTED) as [Prompt, readonly Lane[]][]) {
    const lines = linesOf(live.feed, lanes);
    const newest = lines[0]?.position ?? 0;
    const mark = seen[prompt];
    // What was said before the desk was opened is no news.
    if (mark === undefined || (prompt === open && mark < newest)) setSeen((now) => ({ ...now, [prompt]: newest }));
    else if (prompt !== open) counts[prompt] = lines.filter((line) => line.position > mark).length;
  }
  return counts;
}
