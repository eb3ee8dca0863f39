import { type KeyboardEvent, type PointerEvent, type RefObject, useRef, useState } from "react";
import type { LiveEvent } from "../../api/events";
import type { Entry } from "./entries";
import { hasOpenEnd, isMovable } from "./entries";
import { type Day, ending, momentAt, moved, type Slot, type Span, STEP } from "./times";

export interface Pending extends Span {
  event: LiveEvent;
}

const FAR = 5; // px: less is a press
const STEP_MINUTES = 15;

interface Place {
  days: readonly Day[];
  axis: readonly Slot[];
  zone: string;
  canvas: RefObject<HTMLElement | null>;
  /** Nothing can be moved. */
  readOnly: boolean;
  onMove: (event: LiveEvent, span: Span) => void;
}

/** A time to which an event is being moved, by the pointer or by keys: shown, and asked about before it is saved. */
export function usePending({ days, axis, zone, canvas, readOnly, onMove }: Place) {
  const [pending, setPending] = useState<Pending>();
  const dragged = useRef(false);

  const momentUnder = (event: { clientX: number; clientY: number }): number => {
    const { left, right, top, width, height } = canvas.current!.getBoundingClientRect();
    const aside = document.documentElement.dir === "rtl" ? right - event.clientX : event.clientX - left;
    const day = days[Math.min(days.length - 1, Math.max(0, Math.floor((aside / width) * days.length)))]!;
    return momentAt(Math.min(axis.length - 0.01, Math.max(0, ((event.clientY - top) / height) * axis.length)), day, axis);
  };

  /** Follows the pointer until it is let go; a finger scrolls instead. */
  const grab = (entry: Entry, part: "all" | "end") => (down: PointerEvent) => {
    const { event: of } = entry;
    if (readOnly || !of || down.button !== 0 || down.pointerType === "touch" || !(part === "all" ? isMovable(entry) : hasOpenEnd(entry))) return;
    down.stopPropagation();
    const held = momentUnder(down) - entry.start;
    let span: Span | undefined;
    const follow = (at: globalThis.PointerEvent) => {
      if (!span && Math.hypot(at.clientX - down.clientX, at.clientY - down.clientY) < FAR) return;
      const under = momentUnder(at);
      const start = Math.round((under - held) / STEP) * STEP;
      span = part === "all" ? { start, end: start + entry.end - entry.start } : ending(entry, under);
      setPending({ event: of, ...span });
    };
    const leave = (drop: boolean) => {
      window.removeEventListener("pointermove", follow);
      window.removeEventListener("pointerup", up);
      window.removeEventListener("pointercancel", cancel);
      window.removeEventListener("keydown", escape);
      setPending(undefined);
      if (!span) return;
      // The press that ends a move opens nothing: its click comes before the next turn.
      dragged.current = true;
      setTimeout(() => (dragged.current = false));
      if (drop && (span.start !== entry.start || span.end !== entry.end)) onMove(of, span);
    };
    const up = () => leave(true);
    const cancel = () => leave(false);
    const escape = (key: globalThis.KeyboardEvent) => key.key === "Escape" && leave(false);
    window.addEventListener("pointermove", follow);
    window.addEventListener("pointerup", up);
    window.addEventListener("pointercancel", cancel);
    window.addEventListener("keydown", escape);
  };

  /** Alt and the arrows move, with Shift they change the length; Enter asks, Escape leaves it. True when the key was one of them. */
  const pressed = (entry: Entry, key: KeyboardEvent): boolean => {
    const { event: of } = entry;
    if (readOnly || !of) return false;
    const from = pending?.event.event_id === of.event_id ? pending : entry;
    const along = { ArrowUp: -STEP_MINUTES, ArrowDown: STEP_MINUTES }[key.key];
    const aside = { ArrowLeft: -1, ArrowRight: 1 }[key.key];
    const next =
      !key.altKey ? undefined
      : key.shiftKey && along && hasOpenEnd(entry) ? ending(from, from.end + along * 60_000)
      : !key.shiftKey && along && isMovable(entry) ? moved(from, 0, along, zone)
      : !key.shiftKey && aside && isMovable(entry) ? moved(from, aside, 0, zone)
      : undefined;
    if (next) setPending({ event: of, ...next });
    else if (!pending || !["Enter", "Escape"].includes(key.key)) return false;
    else {
      setPending(undefined);
      if (key.key === "Enter") onMove(of, { start: from.start, end: from.end });
    }
    key.preventDefault();
    key.stopPropagation();
    return true;
  };

  return { pending, grab, pressed, isPress: () => !dragged.current };
}
