import Down from "lucide-react/icons/arrow-down";
import Pin from "lucide-react/icons/pin";
import { useEffect, useLayoutEffect, useRef, useState } from "react";
import type { Activity, BagItem, Comment } from "../api/types";
import { t } from "../i18n";
import { Avatar } from "../ui/Avatar";
import type { Said } from "./useSaying";
import { told } from "./told";

interface Props {
  heard: readonly Activity[];
  own: readonly Said[];
  onAgain: (said: Said) => void;
  items: BagItem[];
  pinned: Comment | null;
  /** How the viewer is called here. */
  name: string;
  /** Whether anything can still be said. */
  open: boolean;
  /** Whoever has not joined hears nothing, so that nothing was said is not known. */
  hears: boolean;
}

const NEAR = 48; // pixels from the end that still count as being there

export function Chat({ heard, own, onAgain, items, pinned, name, open, hears }: Props) {
  const names = new Map(items.map((item) => [item.product.product_id, item.product.title]));
  const known = new Set(heard.map((one) => one.subject_id));
  const said = heard.filter((one) => one.kind === "comment").toReversed();
  const waiting = own.filter((one) => !known.has(one.id));
  const { list, behind, toEnd, scrolled } = useEnd(`${said.at(-1)?.subject_id} ${waiting.length}`);
  return (
    <div className="talk">
      {pinned && (
        <div className="comment-pinned" role="status">
          <Pin size={14} aria-label={t("comments.pinned")} role="img" />
          <p dir="auto"><strong>{pinned.from_host ? t("comments.host") : pinned.author_name || t("activity.viewer")}</strong> {pinned.text}</p>
        </div>
      )}
      <ol ref={list} className="chat" tabIndex={0} aria-label={t("watch.chat")} onScroll={scrolled}>
        {hears && said.length + waiting.length === 0 && <li className="chat-quiet">{t(open ? "watch.quiet" : "watch.quiet-closed")}</li>}
        {said.map((one) => (
          <Line
            key={one.subject_id}
            name={one.from_host ? t("comments.host") : one.viewer_name || t("activity.viewer")}
            host={one.from_host}
            about={names.get(one.product_id ?? "")}
            text={one.summary}
          />
        ))}
        {waiting.map((one) => (
          <Line key={one.key} name={name || t("watch.you")} about={names.get(one.about)} text={one.text}>
            {one.state === "failed" && (
              <span className="comment-failed" role="alert">
                {told(one.error)}
                <button type="button" onClick={() => onAgain(one)}>{t("watch.send-again")}</button>
              </span>
            )}
            {one.state === "sending" && <span className="comment-sending">{t("watch.sending")}</span>}
          </Line>
        ))}
      </ol>
      {behind && (
        <button type="button" className="chat-new" onClick={toEnd}>
          <Down size={16} aria-hidden />
          {t("watch.newest")}
        </button>
      )}
    </div>
  );
}

interface LineProps {
  name: string;
  host?: boolean | undefined;
  about?: string | undefined;
  text: string;
  children?: React.ReactNode;
}

function Line({ name, host = false, about, text, children }: LineProps) {
  return (
    <li className={host ? "comment comment-host" : "comment"}>
      <Avatar name={name} size="medium" />
      <div className="comment-body">
        <p className="comment-head">
          <strong>{name}</strong>
          {about && <span className="comment-product">{about}</span>}
        </p>
        <p className="comment-text" dir="auto">{text}</p>
        {children}
      </div>
    </li>
  );
}

/** Keeps a list at its end while a person has not scrolled away from there. */
function useEnd(last: string) {
  const list = useRef<HTMLOListElement>(null);
  const at = useRef(true);
  const [behind, setBehind] = useState(false);
  const toEnd = () => list.current?.scrollTo(0, list.current.scrollHeight);
  useLayoutEffect(() => {
    if (at.current) toEnd();
    else setBehind(true);
  }, [last]);
  useEffect(() => {
    // What comes between it and the field makes it shorter: its end stays in sight.
    const watched = new ResizeObserver(() => at.current && toEnd());
    watched.observe(list.current!);
    return () => watched.disconnect();
  }, []);
  const scrolled = () => {
    const shown = list.current!;
    at.current = shown.scrollHeight - shown.scrollTop - shown.clientHeight < NEAR;
    if (at.current) setBehind(false);
  };
  return { list, behind, toEnd, scrolled };
}
