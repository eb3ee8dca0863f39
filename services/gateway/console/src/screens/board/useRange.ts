import { useState } from "react";
import type { Board } from "../../api/types";
import { useNow } from "../../lib/now";
import { type Bounds, type Interval, resolve, WHOLE } from "./interval";
import { boardNow } from "./TopBar";

const MINUTE = 60_000;

export interface RangeState {
  interval: Interval;
  setInterval: (interval: Interval) => void;
  /** All of the session so far, in milliseconds. */
  span: Bounds;
  /** The part that is shown; undefined for all of it. */
  shown: Bounds | undefined;
  /** The same as the API asks for it. */
  query: { from?: string; until?: string };
  /** The part ends with the newest minute. */
  upToNow: boolean;
}

/** Which part of a session all panels of a screen show. */
export function useRange(board: Board | undefined, running: boolean): RangeState {
  const [interval, setInterval] = useState<Interval>(WHOLE);
  const now = useNow(running);
  const start = Date.parse(board?.session.start_time ?? "") || 0;
  const span = { start, end: Math.max(board ? boardNow(board, now) : start, start + MINUTE) };
  const part = resolve(interval, span);
  const upToNow = interval.kind !== "range" || part.end >= span.end;
  const whole = interval.kind === "whole";
  const query = {
    // Rollups are by the minute, and a bound before the session's start is refused.
    from: whole ? undefined : new Date(Math.max(start, Math.floor(part.start / MINUTE) * MINUTE)).toISOString(),
    // The newest end is the server's to choose: it knows how far the rollups go.
    until: upToNow ? undefined : new Date(part.end).toISOString(),
  };
  return { interval, setInterval, span, shown: whole ? undefined : part, query, upToNow };
}
