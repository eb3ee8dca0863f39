// Home: what a host is to do, has earned and may learn, and the events ahead. Shapes and calls of the events service.

import { useQuery } from "@tanstack/react-query";
import { call } from "./client";

export type Deed =
  | "schedule_event" | "promote_event" | "go_live" | "stay_on_air" | "show_products" | "pin_product" | "answer_viewers";
export type GuideKind = "tutorial" | "example";

export interface ChecklistItem {
  deed: Deed;
  done?: boolean;
  last_time?: string | null;
}

export interface LiveTask {
  task: string;
  title: string;
  reward: string;
  goal: number;
  lives?: number;
  minutes: number;
  period_end_time: string;
  completed?: boolean;
}

export interface EarnedReward {
  task: string;
  reward: string;
  time: string;
  period_start_time: string;
}

export interface PromoteReminder {
  event_id: string;
  title: string;
  start_time: string;
}

export interface GuideSummary {
  slug: string;
  kind: GuideKind;
  topic: string;
  title: string;
  summary: string;
  minutes: number;
}

export interface HomeAnswer {
  checklist: ChecklistItem[];
  checklist_days: number;
  tasks?: LiveTask[];
  rewards?: EarnedReward[];
  promote?: PromoteReminder[];
  guides?: GuideSummary[];
}

export interface GuideBlock {
  kind: "heading" | "paragraph" | "item";
  text: string;
}

export interface GuideAnswer {
  guide: GuideSummary;
  blocks: GuideBlock[];
}

/** An event that is not over. */
export interface EventAhead {
  event_id: string;
  account_id: string;
  title: string;
  start_time: string;
  end_time: string;
  state: string;
  sessions?: { session_id: string; number: number }[];
}

const part = encodeURIComponent;
const READ_AGAIN_MS = 60_000;
const AHEAD = 50; // so many that those of one place are among them

export const home = {
  get: (account_id: string) => call<HomeAnswer>("GET", "/home", { query: { account_id } }),
  guide: (slug: string) => call<GuideAnswer>("GET", `/guides/${part(slug)}`),
  ahead: (account_id: string) =>
    call<{ events?: EventAhead[] }>("GET", "/events", { query: { account_id, after_time: new Date().toISOString(), page_size: AHEAD } }),
};

/** What there is for an account; an empty id asks nothing. */
export const useHome = (account: string) =>
  useQuery({ queryKey: ["home", account], queryFn: () => home.get(account), enabled: account !== "", refetchInterval: READ_AGAIN_MS });

export const useGuide = (slug: string) =>
  useQuery({ queryKey: ["guide", slug], queryFn: () => home.guide(slug), enabled: slug !== "", staleTime: Infinity });

/** The next events of an account, or of all accounts that somebody works for. */
export const useEventsAhead = (account: string, enabled: boolean) =>
  useQuery({
    queryKey: ["events", "ahead", account],
    queryFn: () => home.ahead(account).then((page) => (page.events ?? []).filter(({ state }) => state !== "ended")),
    enabled,
    refetchInterval: READ_AGAIN_MS,
  });
