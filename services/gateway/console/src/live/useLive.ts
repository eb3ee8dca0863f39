// Keeps a session's board and activity feed current while a screen is open.

import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { activity } from "../api/calls";
import { url } from "../api/client";
import { keys } from "../api/queries";
import type { Activity, ActivityPage, Board } from "../api/types";
import { EMPTY_FEED, type Feed, FEED_LIMIT, merge } from "./feed";
import { openStream, type StreamState } from "./stream";

const PAGE = 200;
const LONGEST_FEED = 5000;
/** A busy room says many things a second; the screen is told a few times a second. */
const FLUSH_MS = 150;

export interface Live {
  state: StreamState;
  /** When the next try starts, in milliseconds of the browser's clock; null while connected. */
  retryAt: number | null;
  feed: Feed;
  /** Fetches older lines. */
  loadOlder: () => Promise<void>;
  hasOlder: boolean;
}

/** Fetches everything after `position`, in pages, until there is no more. */
async function readAfter(sessionId: string, position: number, keep: (items: Activity[]) => void): Promise<void> {
  for (let after = position, more = true; more; ) {
    const page: ActivityPage = await activity.list(sessionId, { after_position: after, page_size: PAGE });
    keep(page.activities);
    const last = page.activities.at(-1)?.position ?? after;
    more = Boolean(page.more) && last > after;
    after = last;
  }
}

export function useLive(sessionId: string, running: boolean): Live {
  const cache = useQueryClient();
  const [status, setStatus] = useState<{ state: StreamState; retryAt: number | null }>({ state: "off", retryAt: null });
  const [feed, setFeed] = useState<Feed>(EMPTY_FEED);
  const [hasOlder, setHasOlder] = useState(false);
  const waiting = useRef<Activity[]>([]);
  const last = useRef(0);
  // Up to here nothing is missing: what came over a stream after a gap may not be counted as whole.
  const whole = useRef(0);
  const limit = useRef(FEED_LIMIT);

  const keep = useCallback((items: Activity[]) => {
    if (items.length === 0) return;
    last.current = Math.max(last.current, ...items.map((item) => item.position));
    waiting.current.push(...items);
  }, []);

  useEffect(() => {
    const timer = setInterval(() => {
      if (waiting.current.length === 0) return;
      const items = waiting.current;
      waiting.current = [];
      setFeed((before) => merge(before, items, limit.current));
    }, FLUSH_MS);
    return () => clearInterval(timer);
  }, []);

  useEffect(() => {
    let current = true;
    setFeed(EMPTY_FEED);
    last.current = 0;
    whole.current = 0;
    waiting.current = [];
    limit.current = FEED_LIMIT;
    const first = activity.list(sessionId, { newest_first: true, page_size: PAGE }).then((page) => {
      if (!current) return;
      keep(page.activities);
      whole.current = page.activities[0]?.position ?? 0;
      setHasOlder(Boolean(page.more));
    });
    const settled = first.catch(() => undefined);

    const onOpen = (again: boolean) => {
      if (again) void cache.invalidateQueries({ queryKey: keys.session(sessionId) });
      void settled.then(() => (current ? readAfter(sessionId, whole.current, keep) : undefined)).catch(() => undefined);
    };
    const onState = (state: StreamState, retryAt: number | null) => {
      setStatus((before) => {
        if (before.state === "live" && state !== "live") whole.current = last.current;
        return { state, retryAt };
      });
    };
    const onEvent = (name: string, data: unknown) => {
      if (!current) return;
      if (name === "board") takeBoard(data as Board);
      if (name === "activity") keep((data as ActivityPage).activities);
    };
    const takeBoard = (next: Board) => {
      const before = cache.getQueryData<Board>(keys.board(sessionId));
      cache.setQueryData(keys.board(sessionId), next);
      if (!before) return;
      // A board tells that the session has changed, not all of what it is (it has no script): read it again.
      const { state, version } = before.session;
      if (state !== next.session.state || version !== next.session.version) {
        void cache.invalidateQueries({ queryKey: keys.session(sessionId) });
      }
    };
    if (!running) return () => void (current = false);
    const topics = `board:${sessionId},activity:${sessionId}`;
    const close = openStream(url("/stream", { topics }), undefined, {
      onEvent,
      onState,
      onOpen,
      // Signed out, or no longer a member: the next read says so, and leads to where it can be mended.
      onRefused: () => void cache.invalidateQueries({ queryKey: keys.session(sessionId) }),
    });
    return () => {
      current = false;
      close();
    };
  }, [sessionId, running, cache, keep]);

  const oldest = feed.items.at(-1)?.position;
  const loadOlder = useCallback(async () => {
    const page = await activity.list(sessionId, { newest_first: true, before_position: oldest, page_size: PAGE });
    // Whoever asks for more gets more, one page at a time.
    limit.current = Math.min(limit.current + PAGE, LONGEST_FEED);
    setFeed((before) => ({ ...merge(before, page.activities, limit.current), cut: false }));
    setHasOlder(Boolean(page.more) && limit.current < LONGEST_FEED);
  }, [sessionId, oldest]);

  return useMemo(
    () => ({ ...status, feed, loadOlder, hasOlder: hasOlder || feed.cut }),
    [status, feed, loadOlder, hasOlder],
  );
}
