// What a viewer sees and feels, told in handfuls: one lost is not worth a message, and there are very many.

import { useCallback, useEffect, useRef } from "react";
import { watch } from "../api/watch";
import type { Joined } from "./useJoined";
import type { ViewerToken } from "./viewerToken";

const GATHER_MS = 500;
const MOST_LIKES = 50;
const HALF = 0.5;

/** Collects for a moment, then sends once. What is left goes out when the token is given up. */
function useGathered(send: (count: number) => void): () => void {
  const waiting = useRef(0);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const flush = useCallback(() => {
    clearTimeout(timer.current);
    timer.current = undefined;
    if (waiting.current > 0) send(waiting.current);
    waiting.current = 0;
  }, [send]);
  useEffect(() => flush, [flush]);
  return useCallback(() => {
    waiting.current += 1;
    if (waiting.current >= MOST_LIKES) flush();
    else timer.current ??= setTimeout(flush, GATHER_MS);
  }, [flush]);
}

/** Likes as fast as a finger can: at most one request per half second. Whoever has not joined does so by liking. */
export function useLikes(sessionId: string, { viewer, ensure }: Joined): () => void {
  const token = viewer?.token;
  const now = useRef(ensure);
  now.current = ensure;
  const send = useCallback(
    (count: number) => {
      // Who leaves has a token, or has liked nothing.
      const joined = token ? Promise.resolve({ token }) : now.current();
      void joined.then((one) => watch.like(sessionId, one.token, count)).catch(() => undefined);
    },
    [sessionId, token],
  );
  return useGathered(send);
}

/** A ref for whatever shows a product (`data-product`): tells once when at least half of it has come into view. */
export function useShown(sessionId: string, viewer: ViewerToken | null): (node: HTMLElement | null) => (() => void) | undefined {
  const token = viewer?.token;
  const seen = useRef(new Set<string>());
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const flush = useCallback(() => {
    timer.current = undefined;
    const products = [...seen.current];
    seen.current.clear();
    if (token && products.length > 0) void watch.shown(sessionId, token, products).catch(() => undefined);
  }, [sessionId, token]);

  return useCallback(
    (node: HTMLElement | null) => {
      if (!node || !token) return undefined;
      const observer = new IntersectionObserver(
        (entries) => {
          if (!entries.some((entry) => entry.isIntersecting)) return;
          observer.disconnect();
          seen.current.add(node.dataset["product"] ?? "");
          timer.current ??= setTimeout(flush, GATHER_MS);
        },
        { threshold: HALF },
      );
      observer.observe(node);
      return () => observer.disconnect();
    },
    [token, flush],
  );
}
