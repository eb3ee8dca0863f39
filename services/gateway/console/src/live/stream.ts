// One multiplexed SSE stream per tab (browsers allow six connections per host).
//
// The browser resumes a broken stream by itself with Last-Event-ID. It gives up for good when the server answers with an
// error; then a new stream is opened after a growing pause. Either way `onOpen` runs once the stream is there, so that
// the caller can fetch what was said before: no gap, whatever happened to the connection.

export type StreamState = "connecting" | "live" | "reconnecting" | "off";

export interface StreamHandlers {
  onEvent: (name: string, data: unknown) => void;
  onState: (state: StreamState, retryAt: number | null) => void;
  /** Called each time the stream stands; `again` is false the first time. */
  onOpen: (again: boolean) => void;
}

export const EVENTS = ["board", "activity", "watch"] as const;
const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 15_000;
/** Three missed heartbeats of 15 s mean that the connection is dead without having said so. Watched only once a server
 * has shown that it sends them as events: those sent as comments are invisible here. */
const SILENCE_MS = 45_000;

/** The pause before try `attempt` (from 0): doubles up to 15 s, spread so that many tabs do not come back at once. */
export function backoff(attempt: number, random: number = Math.random()): number {
  const full = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** attempt);
  return full / 2 + (full / 2) * random;
}

/** Opens the stream; call the answer to close it. */
export function openStream(address: string, handlers: StreamHandlers): () => void {
  let source: EventSource | null = null;
  let attempt = 0;
  let wasOpen = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let silence: ReturnType<typeof setTimeout> | undefined;
  let closed = false;
  let beats = false;

  const heard = () => {
    clearTimeout(silence);
    if (beats) silence = setTimeout(retry, SILENCE_MS);
  };

  function connect(): void {
    if (closed) return;
    handlers.onState(wasOpen ? "reconnecting" : "connecting", null);
    source = new EventSource(address);
    source.onopen = () => {
      handlers.onState("live", null);
      handlers.onOpen(wasOpen);
      wasOpen = true;
      attempt = 0;
      heard();
    };
    source.onerror = () => {
      if (source?.readyState === EventSource.CLOSED) retry();
      else handlers.onState("reconnecting", null);
    };
    source.addEventListener("hello", heard);
    source.addEventListener("heartbeat", () => {
      beats = true;
      heard();
    });
    for (const name of EVENTS) {
      source.addEventListener(name, (event: MessageEvent<string>) => {
        heard();
        handlers.onEvent(name, JSON.parse(event.data));
      });
    }
  }

  function retry(): void {
    source?.close();
    clearTimeout(silence);
    clearTimeout(timer);
    if (closed) return;
    const delay = backoff(attempt++);
    handlers.onState("reconnecting", Date.now() + delay);
    timer = setTimeout(connect, delay);
  }

  // A laptop that wakes up or a network that returns should not sit out the pause.
  const hurry = () => {
    if (source?.readyState === EventSource.OPEN) return;
    clearTimeout(timer);
    source?.close();
    connect();
  };
  window.addEventListener("online", hurry);
  connect();

  return () => {
    closed = true;
    window.removeEventListener("online", hurry);
    clearTimeout(timer);
    clearTimeout(silence);
    source?.close();
    handlers.onState("off", null);
  };
}
