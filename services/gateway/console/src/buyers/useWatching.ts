import { useEffect, useRef, useState } from "react";
import { url } from "../api/client";
import type { Activity, ActivityPage, Watch } from "../api/types";
import { watch } from "../api/watch";
import { EMPTY_FEED, type Feed, merge } from "../live/feed";
import { NO_STREAM, openStream, type StreamStatus } from "../live/stream";
import type { Asked } from "./asked";
import { keepPresent } from "./presence";
import type { ViewerToken } from "./viewerToken";

export interface Watching extends StreamStatus {
  /** Tries again at once. */
  retry: () => void;
  feed: Feed;
}

const FEED_LIMIT = 200;

/** What a viewer sees live: the room (title, bag, pins) and, once joined, what is said. */
export function useWatching(room: Asked<Watch>, sessionId: string, viewer: ViewerToken | null, running: boolean, onLost: () => void): Watching {
  const [status, setStatus] = useState(NO_STREAM);
  const [feed, setFeed] = useState<Feed>(EMPTY_FEED);
  const hurry = useRef(() => {});
  const now = useRef({ onLost, room });
  now.current = { onLost, room };
  const token = viewer?.token;
  const standing = useRef(false);

  useEffect(() => {
    // Whoever has not joined looks in now and then; the stream is for those who are in the room.
    if (!running || !token) return undefined;
    const keep = (items: Activity[]) => setFeed((before) => merge(before, items, FEED_LIMIT));
    const topics = `watch:${sessionId},activity:${sessionId}`;
    const stream = openStream(url("/stream", { topics }), token, {
      onEvent: (name, data) => {
        if (name === "watch") now.current.room.put(data as Watch);
        if (name === "activity") keep((data as ActivityPage).activities);
      },
      onStatus: (next) => {
        standing.current = next.state === "live";
        setStatus(next);
      },
      onOpen: () => now.current.room.again(),
      onRefused: (code) => {
        if (code === 401) now.current.onLost();
        now.current.room.again();
      },
    });
    hurry.current = stream.again;
    const stop = keepPresent(
      () => standing.current,
      () => void watch.present(sessionId, token).catch(() => undefined),
    );
    return () => {
      stop();
      stream.close();
    };
  }, [sessionId, token, running]);

  return { ...status, retry: () => hurry.current(), feed };
}
