// Short messages about what was just done. They are read out and go away by themselves.

import { useSyncExternalStore } from "react";

const SHOWN_MS = 4_000;
let shown = "";
let timer: ReturnType<typeof setTimeout> | undefined;
const listeners = new Set<() => void>();

function show(text: string): void {
  shown = text;
  listeners.forEach((listener) => listener());
}

export function toast(text: string): void {
  clearTimeout(timer);
  timer = setTimeout(show, SHOWN_MS, "");
  show(text);
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

export function Toasts() {
  const text = useSyncExternalStore(subscribe, () => shown);
  return <div className="toasts" role="status">{text && <p className="toast">{text}</p>}</div>;
}
