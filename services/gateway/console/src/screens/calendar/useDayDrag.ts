import { parseDate } from "@internationalized/date";
import { type PointerEvent, useRef, useState } from "react";
import type { Entry } from "./entries";

const FAR = 5; // px: less is a press

/** An event is dragged from one day of a month to another; `onDrop` is told by how many days. */
export function useDayDrag(onDrop: (entry: Entry, days: number) => void) {
  const [over, setOver] = useState("");
  const dragged = useRef(false);
  const grab = (entry: Entry, from: string) => (down: PointerEvent) => {
    if (down.button !== 0 || down.pointerType === "touch") return;
    let to = "";
    const follow = (at: globalThis.PointerEvent) => {
      if (!to && Math.hypot(at.clientX - down.clientX, at.clientY - down.clientY) < FAR) return;
      const day = document.elementFromPoint(at.clientX, at.clientY)?.closest<HTMLElement>("[data-day]")?.dataset["day"];
      to = day ?? (to || from);
      setOver(to);
    };
    const leave = (drop: boolean) => {
      window.removeEventListener("pointermove", follow);
      window.removeEventListener("pointerup", up);
      window.removeEventListener("pointercancel", cancel);
      window.removeEventListener("keydown", escape);
      setOver("");
      if (!to) return;
      // The press that ends a move opens nothing: its click comes before the next turn.
      dragged.current = true;
      setTimeout(() => (dragged.current = false));
      if (drop && to !== from) onDrop(entry, parseDate(to).compare(parseDate(from)));
    };
    const up = () => leave(true);
    const cancel = () => leave(false);
    const escape = (key: globalThis.KeyboardEvent) => key.key === "Escape" && leave(false);
    window.addEventListener("pointermove", follow);
    window.addEventListener("pointerup", up);
    window.addEventListener("pointercancel", cancel);
    window.addEventListener("keydown", escape);
  };
  return { over, grab, isPress: () => !dragged.current };
}
