// A viewer's seat in a LIVE: the narrow token of joining. It lives as long as the page; the
// name is remembered, and by what the viewer is known again (`known.ts`).

import { useEffect, useState } from "react";
import { watch } from "../../api/calls";

export interface Seat {
  token: string;
  name: string;
}

const NAME_KEY = "showfloor.viewer-name";

export const rememberedName = () => localStorage.getItem(NAME_KEY) ?? "";

/** The seat, and how to take it or give it up. Whoever closes the page or goes elsewhere has left. */
export function useSeat(sessionId: string) {
  const [seat, setSeat] = useState<Seat | null>(null);
  const token = seat?.token;

  useEffect(() => {
    if (!token) return undefined;
    let left = false;
    const leave = () => {
      if (!left) void watch.leave(sessionId, token).catch(() => undefined);
      left = true;
    };
    // Also when the browser keeps the page for its back button: it comes back without a seat.
    const hide = () => {
      leave();
      setSeat(null);
    };
    window.addEventListener("pagehide", hide);
    return () => {
      window.removeEventListener("pagehide", hide);
      leave();
    };
  }, [sessionId, token]);

  const take = (next: Seat | null) => {
    if (next) localStorage.setItem(NAME_KEY, next.name);
    setSeat(next);
  };
  return [seat, take] as const;
}
