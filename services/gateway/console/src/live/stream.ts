// One multiplexed stream of server-sent events per tab (browsers allow six connections per host).
//
// Read with fetch, not EventSource: a viewer's token travels in a header and not in an address that lands in logs, the
// last id is kept through every kind of failure, and silence can be told from quiet. Each time the stream stands, `onOpen`
// runs, so that the caller can fetch what was said before: no gap, whatever happened to the connection.

import { Problem, problemOf } from "../api/client";
import { EventParser } from "./parser";

export type StreamState = "connecting" | "live" | "reconnecting" | "off";

export interface StreamStatus {
  state: StreamState;
  /** When the next try starts, in milliseconds of the browser's clock; null while there is no pause. */
  retryAt: number | null;
  /** Why the stream does not stand; null while it does, and when the server has ended it to be asked again. */
  problem: Problem | null;
}

export const NO_STREAM: StreamStatus = { state: "off", retryAt: null, problem: null };

export interface StreamHandlers {
  onEvent: (name: string, data: unknown) => void;
  onStatus: (status: StreamStatus) => void;
  /** `again` is false the first time. */
  onOpen: (again: boolean) => void;
  /** The server will not let us in; it is asked again only when a person wants it. */
  onRefused: (status: number) => void;
}

export interface OpenStream {
  /** Tries at once, without sitting out the pause. */
  again: () => void;
  /** Breaks a connection that is known to be dead; it is made again. */
  drop: () => void;
  close: () => void;
}

const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 15_000;
/** Three missed heartbeats of 15 s: the connection is dead without having said so. */
const SILENCE_MS = 45_000;
const FINAL = new Set([400, 401, 403, 404]);

/** The pause before try `attempt` (from 0): doubles up to 15 s, spread so that many tabs do not come back at once. */
export function backoff(attempt: number, random: number = Math.random()): number {
  const full = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** attempt);
  return full / 2 + (full / 2) * random;
}

/** How long the server says to wait, in milliseconds. */
const retryAfter = (response: Response) => (Number(response.headers.get("Retry-After")) || 0) * 1000;

/** Reads one connection to its end. Raises when it could not be made, broke, or fell silent. */
async function readOnce(
  address: string,
  token: string | undefined,
  parser: EventParser,
  stop: AbortSignal,
  onOpen: () => void,
  onEvent: (name: string, data: unknown) => void,
): Promise<void> {
  const headers = new Headers({ Accept: "text/event-stream" });
  if (token) headers.set("Authorization", `Bearer ${token}`);
  if (parser.lastId) headers.set("Last-Event-ID", parser.lastId);
  const silence = new AbortController();
  let timer = setTimeout(() => silence.abort(), SILENCE_MS);
  try {
    const signal = AbortSignal.any([stop, silence.signal]);
    const response = await fetch(address, { headers, signal, cache: "no-store", credentials: "same-origin" });
    if (!response.ok || !response.body) {
      parser.retry = retryAfter(response);
      throw await problemOf(response);
    }
    onOpen();
    parser.reset();
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
      clearTimeout(timer);
      timer = setTimeout(() => silence.abort(), SILENCE_MS);
      for (const event of parser.push(chunk.value)) onEvent(event.name, JSON.parse(event.data));
    }
  } finally {
    clearTimeout(timer);
  }
}

/** Opens the stream and keeps it open. */
export function openStream(address: string, token: string | undefined, handlers: StreamHandlers): OpenStream {
  const parser = new EventParser();
  const stop = new AbortController();
  let attempt = 0;
  let wasOpen = false;
  let problem: Problem | null = null;
  let hurry = () => {};
  let current = new AbortController();

  /** Waits so long, or until somebody is in a hurry. */
  const pause = (ms: number | null) =>
    new Promise<void>((resolve) => {
      const timer = ms === null ? undefined : setTimeout(resolve, ms);
      hurry = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  const opened = () => {
    problem = null;
    handlers.onStatus({ state: "live", retryAt: null, problem });
    handlers.onOpen(wasOpen);
    wasOpen = true;
  };
  const heard = (name: string, data: unknown) => {
    // A greeting alone does not tell that the service behind is well.
    if (name !== "hello") attempt = 0;
    handlers.onEvent(name, data);
  };

  async function keepOpen(): Promise<void> {
    while (!stop.signal.aborted) {
      handlers.onStatus({ state: wasOpen ? "reconnecting" : "connecting", retryAt: null, problem });
      current = new AbortController();
      try {
        await readOnce(address, token, parser, AbortSignal.any([stop.signal, current.signal]), opened, heard);
      } catch (error) {
        if (stop.signal.aborted) return;
        problem = error instanceof Problem ? error : new Problem(0, "STREAM_LOST", "");
        if (FINAL.has(problem.status)) {
          handlers.onStatus({ ...NO_STREAM, problem });
          handlers.onRefused(problem.status);
          await pause(null);
          continue;
        }
      }
      const delay = Math.max(parser.retry, backoff(attempt++));
      parser.retry = 0;
      handlers.onStatus({ state: "reconnecting", retryAt: Date.now() + delay, problem });
      await pause(delay);
    }
  }

  // A laptop that wakes up or a network that returns should not sit out the pause.
  const again = () => hurry();
  window.addEventListener("online", again);
  void keepOpen();
  const close = () => {
    stop.abort();
    hurry();
    window.removeEventListener("online", again);
    handlers.onStatus(NO_STREAM);
  };
  return { again, drop: () => current.abort(), close };
}
