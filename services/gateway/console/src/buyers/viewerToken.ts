// A viewer's token of a LIVE, which joining gives. It lives as long as the page; the
// name is remembered, and by what the viewer is known again (`known.ts`).

import { useEffect, useState } from "react";
import { watch } from "../api/watch";

export interface ViewerToken {
  token: string;
  name: string;
}

const NAME_KEY = "showfloor.viewer-name";

export function rememberedName(): string {
  try {
    return localStorage.getItem(NAME_KEY) ?? "";
  } catch {
    return ""; // a browser may forbid storage
  }
}

function rememberName(name: string): void {
  try {
    localStorage.setItem(NAME_KEY, name);
  } catch {
    // Full or forbidden: it is asked for again.
  }
}

/** The viewer's token, and how to take it or give it up. A viewer who closes the page or goes elsewhere has left. */
export function useViewerToken(sessionId: string) {
  const [viewer, setViewer] = useState<ViewerToken | null>(null);
  const token = viewer?.token;

  useEffect(() => {
    if (!token) return undefined;
    let left = false;
    const leave = () => {
      if (!left) void watch.leave(sessionId, token).catch(() => undefined);
      left = true;
    };
    // Also when the browser keeps the page for its back button: it comes back without a token.
    const hide = () => {
      leave();
      setViewer(null);
    };
    window.addEventListener("pagehide", hide);
    return () => {
      window.removeEventListener("pagehide", hide);
      leave();
    };
  }, [sessionId, token]);

  const take = (next: ViewerToken | null) => {
    if (next) rememberName(next.name);
    setViewer(next);
  };
  return [viewer, take] as const;
}
