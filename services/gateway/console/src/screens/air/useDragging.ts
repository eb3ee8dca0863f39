// Dragging is loaded once nothing else is to do, or as soon as somebody turns to the list: its code is heavier than the list's.

import { type ComponentType, type RefObject, useEffect, useState } from "react";
import { idle } from "../../lib/later";
import type { DraggingProps } from "./Dragging";

let loaded: ComponentType<DraggingProps> | null = null;

const load = async () => (loaded ??= (await import("./Dragging")).Dragging);

/** What makes a list draggable, when it is there. The list is built anew with it, and whoever was in it stays where they were. */
export function useDragging(frame: RefObject<HTMLElement | null>): ComponentType<DraggingProps> | null {
  const [Dragging, setDragging] = useState(() => loaded);
  useEffect(() => {
    const box = frame.current;
    if (Dragging || !box) return undefined;
    const take = () => void load().then((found) => whenFree(box, () => keepPlace(box, () => setDragging(() => found))), () => undefined);
    const cancel = idle(take);
    // Again with each turn to the list: the first time the network may have been away.
    box.addEventListener("pointerenter", take);
    box.addEventListener("focusin", take);
    return () => {
      cancel();
      box.removeEventListener("pointerenter", take);
      box.removeEventListener("focusin", take);
    };
  }, [Dragging, frame]);
  return Dragging;
}

/** Not while somebody writes in a line or holds it. */
function whenFree(box: HTMLElement, act: () => void): void {
  if (!box.querySelector("input:focus, textarea:focus, [data-pressed]")) act();
  else setTimeout(() => box.isConnected && whenFree(box, act), 200);
}

/** Puts the focus and the scrolled place back where they were in the list before. */
function keepPlace(box: HTMLElement, act: () => void): void {
  const list = () => box.querySelector<HTMLElement>("[role=grid]");
  const held = document.activeElement;
  const key = box.contains(held) ? held?.closest("[data-key]")?.getAttribute("data-key") : null;
  const name = held?.getAttribute("aria-label");
  const top = list()?.scrollTop ?? 0;
  act();
  requestAnimationFrame(() => {
    list()?.scrollTo({ top });
    const line = key && box.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`);
    if (!line) return;
    const part = name && line.querySelector<HTMLElement>(`[aria-label="${CSS.escape(name)}"]`);
    (part || line).focus({ preventScroll: true });
  });
}
