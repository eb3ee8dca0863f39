// What the screens read, with its cache keys in one place.

import { keepPreviousData, type QueryClient, type QueryKey, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { access, activity, bag, board, catalogue, sessions } from "./calls";
import { Problem, type Query } from "./client";
import { useThrottled } from "../lib/throttle";
import { newerBoard } from "../live/newer";
import type { Board, Metric } from "./types";

export const keys = {
  me: ["me"] as const,
  sessions: ["sessions"] as const,
  session: (id: string) => ["session", id] as const,
  board: (id: string) => ["session", id, "board"] as const,
  bag: (id: string) => ["session", id, "bag"] as const,
  suggestions: (id: string) => ["session", id, "suggestions"] as const,
  orders: (id: string) => ["session", id, "orders"] as const,
};

/** Slow parts of a running board are asked for again every few seconds; an ended session does not change. */
const every = (seconds: number, running: boolean) => (running ? seconds * 1000 : false);

export const useMe = () => useQuery({ queryKey: keys.me, queryFn: access.me, staleTime: 60_000, retry: false });

export type Registry = ReadonlyMap<string, Metric>;
const toMap = (data: { metrics: Metric[] }): Registry => new Map(data.metrics.map((metric) => [metric.name, metric]));
const NO_METRICS: Registry = new Map();

/** The metric registry by name; empty until it has come. */
export function useMetrics(): Registry {
  const query = useQuery({ queryKey: ["metrics"], queryFn: access.metrics, staleTime: Infinity, select: toMap });
  return query.data ?? NO_METRICS;
}

export const useSessions = (query: Query, enabled = true) =>
  useInfiniteQuery({
    enabled,
    queryKey: [...keys.sessions, query],
    queryFn: ({ pageParam }) => sessions.list({ ...query, with_total: true, page_token: pageParam, page_size: 50 }),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_page_token || undefined,
    placeholderData: keepPreviousData,
    refetchInterval: 10_000,
  });

/** The LIVEs on air of every account that somebody sees, asked for together. */
export const useOnAir = () =>
  useQuery({
    queryKey: [...keys.sessions, "on-air"],
    queryFn: () => sessions.list({ states: ["live"], metrics: ["viewers_now", "gmv"], page_size: 50 }),
    refetchInterval: 10_000,
    staleTime: 10_000,
  });

/** The account of the newest session that was not imported: an import says nothing about who is here. */
export const useLastAccount = (enabled: boolean) =>
  useQuery({
    queryKey: [...keys.sessions, "newest"],
    queryFn: async () => {
      const { sessions: newest } = await sessions.list({ metrics: ["gmv"], page_size: 50 });
      // Whose past or whose recording was brought in last says nothing about who goes LIVE next.
      return newest.find(({ session }) => session.source === "live")?.session.account_id ?? "";
    },
    enabled,
  });

export const useSession = (id: string) =>
  useQuery({ queryKey: keys.session(id), queryFn: () => sessions.get(id).then((answer) => answer.session) });

/** Asks, and keeps what came over the stream meanwhile when that is newer. */
const orNewer =
  <T>(key: QueryKey, ask: () => Promise<T>, newer: (known: T | undefined, asked: T) => T) =>
  async ({ client }: { client: QueryClient }) => {
    const asked = await ask(); // first: what is known afterwards counts
    return newer(client.getQueryData<T>(key), asked);
  };

/** A LIVE in which nothing happens tells nothing, so that it is quiet is asked for now and then. */
export const useBoard = (id: string) =>
  useQuery<Board>({
    queryKey: keys.board(id),
    queryFn: orNewer(keys.board(id), () => board.get(id), newerBoard),
    refetchInterval: ({ state }) => every(60, state.data?.session.state === "live"),
  });

export const useTrend = (id: string, query: Query, running: boolean) =>
  useQuery({
    queryKey: [...keys.session(id), "trend", query],
    queryFn: () => board.trend(id, query),
    enabled: Array.isArray(query["metrics"]) && query["metrics"].length > 0,
    placeholderData: keepPreviousData,
    refetchInterval: every(5, running),
  });

/** A part of the session that is asked about; without bounds all of it. */
export type Part = { from?: string | undefined; until?: string | undefined };

export const useProductAnalytics = (id: string, running: boolean, enabled = true, part: Part = {}) =>
  useQuery({
    queryKey: [...keys.session(id), "products", part],
    enabled,
    queryFn: () => board.products(id, part),
    placeholderData: keepPreviousData,
    refetchInterval: every(5, running),
  });

export const useAudience = (id: string, running: boolean, part: Part = {}) =>
  useQuery({
    queryKey: [...keys.session(id), "audience", part],
    queryFn: () => board.audience(id, part),
    placeholderData: keepPreviousData,
    refetchInterval: every(10, running),
  });

/** Where the account's LIVEs usually stand by now. It is computed anew once a minute. */
export const useUsualCurve = (id: string, enabled: boolean, running: boolean) =>
  useQuery({
    queryKey: [...keys.session(id), "usual-curve"],
    queryFn: () => board.usual(id),
    enabled,
    staleTime: 60_000,
    refetchInterval: every(60, running),
  });

export const useSuggestions = (id: string, enabled = true) =>
  useQuery({ queryKey: keys.suggestions(id), queryFn: () => board.suggestions(id), enabled });

const COMPARE_MS = 10_000;

/** Stands beside the board's own numbers, so it is read again when the board has moved. */
export function useComparison(id: string) {
  const moved = useThrottled(useBoard(id).dataUpdatedAt, COMPARE_MS);
  return useQuery({
    queryKey: [...keys.session(id), "comparison", moved],
    queryFn: () => board.comparison(id),
    placeholderData: keepPreviousData,
    gcTime: 0,
  });
}

export const useRecap = (id: string, enabled: boolean) =>
  useQuery({ queryKey: [...keys.session(id), "recap"], queryFn: () => board.recap(id), enabled });

/** The recording's address, or null when none was kept. */
async function replayOf(id: string) {
  try {
    return await board.replay(id);
  } catch (error) {
    if (error instanceof Problem && [404, 409].includes(error.status)) return null;
    throw error;
  }
}

/** Asked once: not among the parts of a session that a change of it makes stale. */
export const useReplay = (id: string, enabled: boolean) =>
  useQuery({ queryKey: ["replay", id], queryFn: () => replayOf(id), enabled, retry: false, staleTime: Infinity });

export const useBag = (id: string, query: string, enabled = true) =>
  useQuery({
    queryKey: [...keys.bag(id), query],
    enabled,
    queryFn: () => bag.list(id, query),
    placeholderData: keepPreviousData,
  });

/** The names of a session's products: also of those that are no longer in the bag, which the analytics know. */
export function useProductNames(id: string, enabled = true): ReadonlyMap<string, string> {
  const counted = useProductAnalytics(id, false, enabled).data?.products;
  const items = useBag(id, "", enabled).data?.items;
  return useMemo(
    () =>
      new Map([
        ...(counted ?? []).map((one) => [one.product_id, one.title] as const),
        ...(items ?? []).map(({ product }) => [product.product_id, product.title] as const),
      ]),
    [counted, items],
  );
}

/** The pinned comment, which may be older than anything the feed still holds. */
export const usePinnedComment = (id: string, comment: string) =>
  useQuery({
    queryKey: [...keys.session(id), "pinned", comment],
    queryFn: () => activity.comments(id, { pinned: true }).then((page) => page.comments?.[0] ?? null),
    enabled: comment !== "",
  });

export const useOrders = (id: string, enabled = true) =>
  useInfiniteQuery({
    queryKey: keys.orders(id),
    enabled,
    queryFn: ({ pageParam }) => activity.orders(id, { page_token: pageParam, page_size: 50 }),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_page_token || undefined,
  });

export const useProducts = (shop: string, query: Query, enabled: boolean) =>
  useQuery({
    queryKey: ["shop", shop, "products", query],
    queryFn: () => catalogue.products(shop, { ...query, page_size: 200 }),
    enabled,
    placeholderData: keepPreviousData,
  });
