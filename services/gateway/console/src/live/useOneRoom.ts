// One control room at a time in a browser: the window that holds the LIVE's lock is the room. A window that is closed, or
// that fails, lets go of it by itself. Browsers have locks over https and on the computer itself; elsewhere each window is a room.

import { useCallback, useEffect, useRef, useState } from "react";

/** `asking`: not known yet. `elsewhere`: another window was first. `taken`: another window took over from this one. */
export type Hold = "asking" | "ours" | "elsewhere" | "taken";

/** The page before this one, in the same window, lets go within this time. */
const LET_GO_MS = 800;

/** `wanted` false asks for nothing; `atOnce` takes over without asking, because the person opened this window for it. */
export function useOneRoom(sessionId: string, wanted: boolean, atOnce: boolean): { hold: Hold; take: () => void } {
  const [hold, setHold] = useState<Hold>("asking");
  const place = useRef<Place>(null);
  const first = useRef(atOnce);
  const asks = wanted && "locks" in navigator;
  useEffect(() => {
    if (!asks) return undefined;
    const own = new Place(`showfloor.room.${sessionId}`, setHold);
    place.current = own;
    if (first.current) own.take();
    else own.wait();
    const late = setTimeout(() => setHold((now) => (now === "asking" ? "elsewhere" : now)), LET_GO_MS);
    return () => {
      clearTimeout(late);
      own.leave();
    };
  }, [asks, sessionId]);
  const take = useCallback(() => place.current?.take(), []);
  return { hold: asks ? hold : "ours", take };
}

/** This window's place in the line for one lock. */
class Place {
  #left = false;
  #line: AbortController | null = null;
  #release: () => void = () => undefined;

  constructor(
    private readonly name: string,
    private readonly told: (hold: Hold) => void,
  ) {}

  /** Becomes the room once no other window is. */
  wait(): void {
    const line = (this.#line = new AbortController());
    navigator.locks.request(this.name, { signal: line.signal }, this.#hold).catch(() => this.#lost(line));
  }

  take(): void {
    const line = new AbortController();
    this.#line?.abort();
    this.#line = line;
    navigator.locks.request(this.name, { steal: true }, this.#hold).catch(() => this.#lost(line));
  }

  leave(): void {
    this.#left = true;
    this.#line?.abort();
    this.#release();
  }

  #hold = () => new Promise<void>((done) => {
    this.#release = done;
    if (this.#left) done();
    else this.told("ours");
  });

  /** Another window took it. This one stands in line again, in case that window is closed. */
  #lost(line: AbortController): void {
    if (this.#left || this.#line !== line) return;
    this.told("taken");
    this.wait();
  }
}
