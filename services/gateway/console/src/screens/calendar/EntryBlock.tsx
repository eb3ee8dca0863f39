import type { KeyboardEvent, PointerEvent, ReactNode } from "react";
import { t } from "../../i18n";
import { spanIn, timeIn } from "../../lib/zones";
import type { Entry } from "./entries";

interface Props {
  entry: Entry;
  zone: string;
  look: { colour: number; name: string };
  /** One line: its start and its name. */
  brief?: boolean;
  style?: Record<string, string | number>;
  onOpen: () => void;
  onKeyDown?: (event: KeyboardEvent) => void;
  onPointerDown?: (event: PointerEvent) => void;
  children?: ReactNode;
}

/** An event or a session in the calendar: pressed, it opens. */
export function EntryBlock({ entry, zone, look, brief = false, style, onOpen, onKeyDown, onPointerDown, children }: Props) {
  const { title, start, end, stand } = entry;
  return (
    <li className="cal-place" style={style}>
      <button
        type="button"
        className={`cal-entry cal-colour-${look.colour} cal-is-${stand}${brief ? " cal-brief" : ""}`}
        data-entry={entry.id}
        onClick={onOpen}
        onKeyDown={onKeyDown}
        onPointerDown={onPointerDown}
      >
        <span className="cal-entry-head">
          {stand === "on-air" && <span className="dot cal-live-dot" aria-hidden="true" />}
          <span className="cal-entry-time">{timeIn(start, zone)}</span>{" "}
          <span className="cal-entry-title">{title}</span>
        </span>
        <span className={brief ? "visually-hidden" : "cal-entry-more"}>{[t(`calendar.stand-${stand}`), look.name].filter(Boolean).join(" · ")}</span>
        <span className="visually-hidden">{spanIn(start, end, zone)}</span>
      </button>
      {children}
    </li>
  );
}
