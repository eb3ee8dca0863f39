// The buyers' pages have two addresses, so a router of a few lines serves them.

import { useSyncExternalStore } from "react";
import { base } from "../lib/base";

/** How a viewer may say that they came here. */
const CHANNELS = ["feed", "promoted", "following", "search", "shop", "profile", "share"];

export const LIST = `${base}watch`;
export const roomPath = (sessionId: string) => `${LIST}/${encodeURIComponent(sessionId)}`;

/** The channel that an address names; "other" when it names none that is known. */
export const channelOf = (search: string): string => {
  const named = new URLSearchParams(search).get("channel");
  return CHANNELS.find((one) => one === named) ?? "other";
};

/** The id of the LIVE that a path below `list` names; null for the list itself. */
export function roomOf(path: string, list = LIST): string | null {
  const named = path.slice(list.length + 1).split("/")[0];
  return named ? decodeURIComponent(named) : null;
}

const listeners = new Set<() => void>();

export function go(path: string): void {
  history.pushState(null, "", path);
  listeners.forEach((listener) => listener());
  window.scrollTo(0, 0);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  window.addEventListener("popstate", listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener("popstate", listener);
  };
}

export const usePath = (): string => useSyncExternalStore(subscribe, () => location.pathname);
