// Whether the server can be reached. A connection that has died does not always say so, so it is asked every few seconds.

import { useEffect, useSyncExternalStore } from "react";
import { base } from "../lib/base";

const TICK_MS = 500;
const ASK_MS = 2_000;
/** Without an answer for so long nobody says "Connected" any more. */
export const SILENT_MS = 5_000;
/** A page that slept this long between two ticks knows nothing yet. */
const SLEPT_MS = 4 * TICK_MS + ASK_MS;

let reached = true;
let heard = 0;
let asked = 0;
let ticked = 0;
let asking = false;
let watchers = 0;
let timer: ReturnType<typeof setInterval> | undefined;
const listeners = new Set<() => void>();

function set(next: boolean): void {
  if (reached === next) return;
  reached = next;
  listeners.forEach((listener) => listener());
}

/** Any answer of the server counts, also one to something else. */
function answered(): void {
  heard = Date.now();
  set(true);
}

async function ask(): Promise<void> {
  asking = true;
  asked = Date.now();
  try {
    await fetch(`${base}icon.svg`, { cache: "no-store", signal: AbortSignal.timeout(SILENT_MS - TICK_MS) });
    answered();
  } catch {
    // Silence is judged by its length.
  } finally {
    asking = false;
  }
}

function tick(): void {
  const now = Date.now();
  if (now - ticked > SLEPT_MS) heard = now - SILENT_MS + ASK_MS;
  ticked = now;
  if (now - heard > SILENT_MS) set(false);
  if (!asking && now - asked >= ASK_MS) void ask();
}

const lost = () => set(false);
const back = () => void ask();

/** Asks until it is told to stop. */
export function watchReach(): () => void {
  if (watchers++ === 0) {
    heard = ticked = Date.now();
    asked = 0;
    window.addEventListener("offline", lost);
    window.addEventListener("online", back);
    set(navigator.onLine);
    timer = setInterval(tick, TICK_MS);
  }
  return () => {
    if (--watchers > 0) return;
    clearInterval(timer);
    window.removeEventListener("offline", lost);
    window.removeEventListener("online", back);
    set(true);
  };
}

export const isReached = () => reached;

export function onReach(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Watches while the screen is open. */
export function useReach(running: boolean): boolean {
  useEffect(() => (running ? watchReach() : undefined), [running]);
  return useSyncExternalStore(onReach, isReached);
}
