// Keeps a session's board and activity feed current while a screen is open.

import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { activity } from "../api/calls";
import { url } from "../api/client";
import { keys } from "../api/queries";
import type { Activity, ActivityPage, Board, Session } from "../api/types";
import { type Feed, floorOf, type Lane, LANE_LIMIT, LANES, merge, mergeOlder, UNREAD_FEED } from "./feed";
import { newerBoard } from "./newer";
import { isReached, onReach, useReach } from "./reach";
import { isSignedOut, onSignIn } from "./signedOut";
import { NO_STREAM, openStream, type StreamStatus } from "./stream";

const PAGE = 200;
const LONGEST_LANE = 2000;
/** A busy room says many things a second; the screen is told a few times a second. */
const FLUSH_MS = 150;
/** After a read that failed. */
const RETRY_MS = 2_000;

export interface Live extends Omit<StreamStatus, "problem"> {
  /** Why what is shown may not be current: the stream, or the read of what was said before it stood. */
  problem: unknown;
  /** Tries again at once. */
  retry: () => void;
  feed: Feed;
  /** The first page of the feed has not come yet. */
  reading: boolean;
  /** Fetches older lines of some lanes. */
  loadOlder: (lanes: readonly Lane[]) => Promise<void>;
  hasOlder: (lanes: readonly Lane[]) => boolean;
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
  const [status, setStatus] = useState(NO_STREAM);
  const reached = useReach(running);
  const [unread, setUnread] = useState<unknown>(null);
  const hurry = useRef(() => {});
  const [feed, setFeed] = useState<Feed>(UNREAD_FEED);
  const waiting = useRef<Activity[]>([]);
  const last = useRef(0);
  // Up to here nothing is missing: what came over a stream after a gap may not be counted as whole.
  const whole = useRef(0);
  const limit = useRef(LANE_LIMIT);

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
    setFeed(UNREAD_FEED);
    setUnread(null);
    last.current = 0;
    whole.current = 0;
    waiting.current = [];
    limit.current = LANE_LIMIT;
    let retry: ReturnType<typeof setTimeout> | undefined;
    let filling = 0;
    // The feed has no hole since the stream stands: what it says from now on follows what is there.
    let complete = false;
    let first: Promise<void> | null = null;
    const readFirst = async () => {
      const page = await activity.list(sessionId, { newest_first: true, page_size: PAGE });
      if (!current) return;
      whole.current = page.activities[0]?.position ?? 0;
      last.current = Math.max(last.current, whole.current);
      setFeed((before) => mergeOlder(before, page.activities, LANES, Boolean(page.more), limit.current));
    };
    const catchUp = async () => {
      clearTimeout(retry);
      const mine = ++filling;
      try {
        await (first ??= readFirst().catch((error: unknown) => {
          first = null;
          throw error;
        }));
        if (current && running) await readAfter(sessionId, whole.current, keep);
        if (mine === filling) complete = true;
        if (current) setUnread(null);
      } catch (error) {
        clearTimeout(retry);
        if (!current) return;
        setUnread(error);
        retry = setTimeout(() => void catchUp(), RETRY_MS);
      }
    };
    void catchUp();

    // After a break the server may know less than before: it may have been given an older state back.
    let anew = true;
    const onOpen = (again: boolean) => {
      anew = true;
      if (again) void cache.invalidateQueries({ queryKey: keys.session(sessionId) });
      void catchUp();
    };
    const onStatus = (next: StreamStatus) => {
      setStatus(next);
      if (next.state === "live") return;
      if (complete) whole.current = last.current;
      complete = false;
      filling++;
    };
    const onEvent = (name: string, data: unknown) => {
      if (!current) return;
      if (name === "board") takeBoard(data as Board);
      if (name === "activity") keep((data as ActivityPage).activities);
    };
    const takeBoard = (next: Board) => {
      const before = cache.getQueryData<Board>(keys.board(sessionId));
      cache.setQueryData(keys.board(sessionId), anew ? next : newerBoard(before, next));
      anew = false;
      // A board tells that the session has changed, not all of what it is (it has no script): read it again.
      const shown = cache.getQueryData<Session>(keys.session(sessionId)) ?? before?.session;
      if (shown && (shown.state !== next.session.state || shown.version < next.session.version)) {
        void cache.invalidateQueries({ queryKey: keys.session(sessionId) });
      }
    };
    const topics = `board:${sessionId},activity:${sessionId}`;
    const stream = running && openStream(url("/stream", { topics }), undefined, {
      onEvent,
      onStatus,
      onOpen,
      // Signed out, or no longer a member: the next read says so, and leads to where it can be mended.
      onRefused: () => void cache.invalidateQueries({ queryKey: keys.session(sessionId) }),
    });
    // A stream that stands on a dead connection would be believed for as long as it is silent.
    const unwatch = onReach(() => {
      if (!stream) return;
      if (isReached()) stream.again();
      else stream.drop();
    });
    const unsign = onSignIn(() => stream && !isSignedOut() && stream.again());
    hurry.current = () => {
      if (stream) stream.again();
      void catchUp();
    };
    return () => {
      current = false;
      clearTimeout(retry);
      unwatch();
      unsign();
      if (stream) stream.close();
    };
  }, [sessionId, running, cache, keep]);

  const loadOlder = useCallback(
    async (lanes: readonly Lane[]) => {
      const before_position = floorOf(feed, lanes) + 1;
      const page = await activity.list(sessionId, { kinds: kindsOf(lanes), newest_first: true, before_position, page_size: PAGE });
      // Whoever asks for more gets more, one page at a time.
      limit.current = Math.min(limit.current + PAGE, LONGEST_LANE);
      setFeed((now) => mergeOlder(now, page.activities, lanes, Boolean(page.more), limit.current));
    },
    [sessionId, feed],
  );

  return useMemo(
    () => ({
      ...status,
      state: status.state === "live" && !reached ? "reconnecting" : status.state,
      problem: status.problem ?? unread,
      retry: () => hurry.current(),
      feed,
      loadOlder,
      reading: floorOf(feed, LANES) === Infinity,
      hasOlder: (lanes) => isBetween(floorOf(feed, lanes)) && limit.current < LONGEST_LANE,
    }),
    [status, reached, unread, feed, loadOlder],
  );
}

const isBetween = (floor: number) => floor > 0 && floor < Infinity;

const kindsOf = (lanes: readonly Lane[]) => [
  ...new Set(lanes.map((lane) => (lane === "general" || lane === "product" ? "comment" : lane))),
];
