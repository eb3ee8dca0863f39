// LIVE events: shows with a time of their own. Shapes and calls of the events service, and what the screens read of it.

import { keepPreviousData, useQueries, useQuery } from "@tanstack/react-query";
import { call, url } from "./client";
import type { Reading } from "./types";

export type EventState = "scheduled" | "setting_up" | "ready" | "live" | "paused" | "running_over" | "ended";

/** A session of an event: the last one is to be prepared, practised and gone LIVE with, unless all is over. */
export interface SessionOfEvent {
  session_id: string;
  number: number;
  start_time?: string | null;
  end_time?: string | null;
}

export interface LiveEvent {
  event_id: string;
  account_id: string;
  title: string;
  description?: string;
  start_time: string;
  end_time: string;
  duration_minutes: number;
  time_zone: string;
  state: EventState;
  sessions?: SessionOfEvent[];
  recommend_on_videos?: boolean;
  teaser_urls?: string[];
  version: number;
}

/** When an event is to be: as the clocks of a zone show it; which of two moments, where they show it twice. */
export interface EventTime {
  local_start: string;
  time_zone: string;
  occurrence: "unspecified" | "earlier" | "later";
  duration_minutes: number;
}

export interface EventTimeCheck {
  start_time: string;
  end_time: string;
  overlapping?: LiveEvent[];
}

/** What may be changed of an event; what is absent stays. */
export interface EventPatch {
  title?: string;
  description?: string;
  time?: EventTime;
  recommend_on_videos?: boolean;
  teasers?: { urls: string[] };
}

interface EventPage {
  events?: LiveEvent[];
  next_page_token?: string;
}

type WithEvent = { event: LiveEvent; position?: number };

const PAGE = 200;
const MOST_PAGES = 10;
const at = (id: string) => `/events/${encodeURIComponent(id)}`;

/** How far this window has written: what it reads afterwards is no older. */
let written = 0;

async function noting<T extends { position?: number }>(answer: Promise<T>): Promise<T> {
  const kept = await answer;
  written = Math.max(written, kept.position ?? 0);
  return kept;
}

const since = () => ({ min_position: written || undefined });

export const events = {
  /** Every event that touches a span of time, of all accounts that somebody works for; the earliest first. */
  within: async (after_time: string, before_time: string) => {
    const rows: LiveEvent[] = [];
    let page_token = "";
    for (let page = 0; page < MOST_PAGES; page++) {
      const answer = await call<EventPage>("GET", "/events", { query: { after_time, before_time, page_size: PAGE, page_token, ...since() } });
      rows.push(...(answer.events ?? []));
      page_token = answer.next_page_token ?? "";
      if (!page_token) break;
    }
    return rows;
  },
  get: (id: string) => call<{ event: LiveEvent }>("GET", at(id), { query: since() }),
  schedule: (account_id: string, title: string, description: string, time: EventTime, key: string) =>
    noting(call<WithEvent>("POST", "/events", { body: { account_id, title, description, time, origin: "desktop" }, key })),
  update: (id: string, patch: EventPatch, version?: number) => noting(call<WithEvent>("PATCH", at(id), { body: patch, version })),
  remove: (id: string) => noting(call<{ position?: number }>("DELETE", at(id))),
  /** What a plan would overlap; `event_id` is the event that is to be moved. */
  check: (account_id: string, time: EventTime, event_id?: string) =>
    call<EventTimeCheck>("GET", `/accounts/${encodeURIComponent(account_id)}/event-time`, { query: { ...time, event_id } }),
};

export const eventKeys = {
  all: ["events"] as const,
  one: (id: string) => ["events", "one", id] as const,
};

const READ_AGAIN_MS = 30_000;
const HURRIED_MS = 2_000;

/** An event, asked for again now and then; more often while `hurried` says that something is about to change. */
export const useEvent = (id: string, enabled = id !== "", hurried: (event: LiveEvent | undefined) => boolean = () => false) =>
  useQuery({
    queryKey: eventKeys.one(id),
    queryFn: () => events.get(id).then((answer) => answer.event),
    enabled,
    refetchInterval: ({ state }) => (hurried(state.data) ? HURRIED_MS : READ_AGAIN_MS),
  });

/** Several events by their ids: those that are known so far. */
export const useEventsById = (ids: readonly string[]): ReadonlyMap<string, LiveEvent> =>
  useQueries({
    queries: ids.map((id) => ({ queryKey: eventKeys.one(id), queryFn: () => events.get(id).then((answer) => answer.event), staleTime: READ_AGAIN_MS, retry: false })),
    combine: (found) => new Map(found.flatMap(({ data }) => (data ? [[data.event_id, data] as const] : []))),
  });

export const useEventsWithin = (start: number, end: number) =>
  useQuery({
    queryKey: [...eventKeys.all, "within", start, end],
    queryFn: () => events.within(new Date(start).toISOString(), new Date(end).toISOString()),
    placeholderData: keepPreviousData,
    refetchInterval: READ_AGAIN_MS,
  });

/** What a plan would overlap, before it is saved; undefined asks nothing. */
export const useTimeCheck = (account: string, time: EventTime | undefined, event_id?: string) =>
  useQuery({
    queryKey: [...eventKeys.all, "check", account, time, event_id],
    queryFn: () => events.check(account, time!, event_id),
    enabled: account !== "" && time !== undefined,
    retry: false,
    gcTime: 0,
  });

/** How many registered for an event. */
export interface Registrations {
  asked?: number;
  confirmed?: number;
  unsubscribed?: number;
}

/** Undefined while nobody can register, or the answer is not known. */
export const useRegistrations = (id: string) =>
  useQuery({
    queryKey: [...eventKeys.one(id), "registrations"],
    queryFn: () => call<Registrations>("GET", `${at(id)}/registrations`, { query: { page_size: 1 } }),
    retry: false,
    staleTime: READ_AGAIN_MS,
  }).data;

/** A code that opens the event's page, as a file. */
export const codeFile = (id: string, kind: "png" | "svg") => url(`${at(id)}/qr.${kind}`);

const COMING_MS = 12 * 60_000;

/** The events that start within the next minutes or have just begun, of all accounts that somebody works for. */
export const useComing = () =>
  useQuery({
    queryKey: [...eventKeys.all, "coming"],
    queryFn: () => events.within(new Date().toISOString(), new Date(Date.now() + COMING_MS).toISOString()),
    refetchInterval: 60_000,
    staleTime: 60_000,
    retry: false,
  }).data ?? NONE;

const NONE: LiveEvent[] = [];

/** When an account's LIVEs went best. */
export interface SuggestedTime {
  local_start: string;
  start_time: string;
  duration_minutes: number;
  sessions: number;
  evidence?: { there: Reading; account: Reading }[];
}

export interface Suggested {
  suggestion?: SuggestedTime | null;
  /** It rests on simulated figures. */
  simulated?: boolean;
}

/** Undefined while it is not known; without a suggestion where the account's past is too thin. */
export const useSuggestedTime = (account: string, time_zone: string) =>
  useQuery({
    queryKey: ["suggested-time", account, time_zone],
    queryFn: () => call<Suggested>("GET", `/accounts/${encodeURIComponent(account)}/suggested-time`, { query: { time_zone } }),
    enabled: account !== "",
    retry: false,
    staleTime: 300_000,
  }).data;
