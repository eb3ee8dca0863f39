// When a LIVE of an event may go on air, and what is said until then.

import type { LiveEvent } from "../../../api/events";

const SOON_MS = 10 * 60_000;

export interface Start {
  /** Long before, its console being set up, its time, after a pause, past its scheduled end. */
  phase: "before" | "setting-up" | "ready" | "again" | "late";
  start: number;
  /** Until when it may go on air; undefined while it is not known. */
  end: number | undefined;
}

/** How a session that is not on air stands to the time of its event; the clock decides, so that nothing waits for an answer. */
export function startOf(notBefore: number, event: Pick<LiveEvent, "start_time" | "end_time" | "sessions"> | undefined, now: number): Start {
  const start = event ? Date.parse(event.start_time) : notBefore;
  const end = event && Date.parse(event.end_time);
  const held = (event?.sessions ?? []).some((one) => one.end_time);
  const phase =
    end !== undefined && now >= end ? "late"
    : now >= start ? (held ? "again" : "ready")
    : now >= start - SOON_MS ? "setting-up"
    : "before";
  return { phase, start, end };
}

export interface Left {
  days: number;
  hours: number;
  minutes: number;
  seconds: number;
}

/** How long until a moment; nothing once it has come. */
export function leftUntil(moment: number, now: number): Left {
  const seconds = Math.max(0, Math.ceil((moment - now) / 1000));
  return { days: Math.floor(seconds / 86_400), hours: Math.floor(seconds / 3600) % 24, minutes: Math.floor(seconds / 60) % 60, seconds: seconds % 60 };
}
