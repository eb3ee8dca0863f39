// What the calendar shows: LIVE events, and the sessions that were on air without one.

import { useQuery } from "@tanstack/react-query";
import { sessions } from "../../api/calls";
import type { Query } from "../../api/client";
import { type LiveEvent, useEventsWithin } from "../../api/events";
import { keys } from "../../api/queries";
import type { Session } from "../../api/types";
import type { Scope } from "../../app/scope";
import type { Span } from "./times";

export type Stand = "ahead" | "soon" | "on-air" | "paused" | "over" | "missed";

export interface Entry extends Span {
  id: string;
  title: string;
  account: string;
  stand: Stand;
  /** None for a session on its own. */
  event?: LiveEvent;
  /** The times at which sessions of it were on air. */
  onAir: Span[];
}

/** How an event stands, in as few words as a calendar has room for. */
export function standOf({ state, sessions: held = [] }: Pick<LiveEvent, "state" | "sessions">): Stand {
  if (state === "live" || state === "running_over") return "on-air";
  if (state === "ended") return held.some((one) => one.start_time) ? "over" : "missed";
  return state === "scheduled" ? "ahead" : state === "paused" ? "paused" : "soon";
}

const moment = (time: string | null | undefined, otherwise: number) => (time ? Date.parse(time) : otherwise);

export function entryOfEvent(event: LiveEvent, now: number): Entry {
  const onAir = (event.sessions ?? []).flatMap((one) => (one.start_time ? [{ start: Date.parse(one.start_time), end: moment(one.end_time, now) }] : []));
  return {
    id: event.event_id, title: event.title, account: event.account_id, stand: standOf(event), event, onAir,
    start: Date.parse(event.start_time), end: Date.parse(event.end_time),
  };
}

/** A session that went on air, whose end is now while it is. */
export function entryOfSession(session: Session, now: number): Entry {
  const start = moment(session.start_time, now);
  const end = Math.max(moment(session.end_time, now), start);
  return { id: session.session_id, title: session.title, account: session.account_id, stand: session.state === "live" ? "on-air" : "over", onAir: [], start, end };
}

/** The events' changes; before the start all of it may be moved, afterwards its end alone. */
export const isMovable = ({ stand, event }: Entry) => event !== undefined && (stand === "ahead" || stand === "soon");
export const hasOpenEnd = ({ stand, event }: Entry) => event !== undefined && stand !== "over" && stand !== "missed";

const WENT_ON_AIR = ["live", "ended"];
const PAGE = 200;
const MOST_PAGES = 5;

async function all(query: Query): Promise<Session[]> {
  const found: Session[] = [];
  let page_token = "";
  for (let page = 0; page < MOST_PAGES; page++) {
    const answer = await sessions.list({ ...query, page_token });
    found.push(...answer.sessions.map(({ session }) => session));
    page_token = answer.next_page_token ?? "";
    if (!page_token) break;
  }
  return found;
}

/** What touches a span of time, of the accounts that the page is about; the earliest first. */
export function useEntries({ start, end }: Span, { accounts, account_ids, isPending }: Scope, now: number) {
  const events = useEventsWithin(start, end);
  // A session that began on the day before may last into the span.
  const query = { start_from: new Date(start - 86_400_000).toISOString(), start_until: new Date(end).toISOString(), states: WENT_ON_AIR, account_ids };
  const held = useQuery({
    queryKey: [...keys.sessions, "calendar", query],
    queryFn: () => all({ ...query, metrics: ["gmv"], page_size: PAGE }),
    enabled: !isPending,
    placeholderData: (before) => before,
    refetchInterval: 60_000,
  });
  const own = new Set(accounts.map((one) => one.account_id));
  const ofEvents = new Set((events.data ?? []).flatMap((event) => (event.sessions ?? []).map((one) => one.session_id)));
  const entries = [
    ...(events.data ?? []).filter((one) => own.has(one.account_id)).map((one) => entryOfEvent(one, now)),
    ...(held.data ?? []).filter((one) => !ofEvents.has(one.session_id) && one.start_time).map((one) => entryOfSession(one, now)),
  ].filter((one) => one.start < end && one.end > start);
  return {
    entries: entries.sort((one, other) => one.start - other.start),
    isPending: events.isPending || held.isPending,
    error: events.error ?? held.error,
    retry: () => void Promise.all([events.refetch(), held.refetch()]),
  };
}
