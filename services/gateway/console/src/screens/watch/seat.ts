// A viewer's seat in a LIVE: the narrow token of joining, kept for the tab only.

import { useState } from "react";

export interface Seat {
  token: string;
  name: string;
}

const keyOf = (sessionId: string) => `showfloor.seat.${sessionId}`;

export function useSeat(sessionId: string) {
  const [seat, setSeat] = useState<Seat | null>(() => {
    try {
      return JSON.parse(sessionStorage.getItem(keyOf(sessionId)) ?? "null") as Seat | null;
    } catch {
      return null;
    }
  });
  const keep = (next: Seat | null) => {
    if (next) sessionStorage.setItem(keyOf(sessionId), JSON.stringify(next));
    else sessionStorage.removeItem(keyOf(sessionId));
    setSeat(next);
  };
  return [seat, keep] as const;
}
