// Parts of a page that are loaded when they are wanted: a heavy part costs the first load nothing.

import { type ComponentType, useEffect, useState, useSyncExternalStore } from "react";

const AGAIN_MS = [500, 2_000];

type State = "unread" | "failed" | "read";

export interface Loading<P> {
  /** What stands in its place, of the same size, until it is there. */
  waiting?: ComponentType<P>;
  /** What stands there when it could not be loaded; `again` tries once more. */
  failed: ComponentType<{ again: () => void; props: P }>;
}

/** A part behind its own file. Once it is there it renders at once, without a blink. */
export function later<P extends object>(load: () => Promise<ComponentType<P>>, { waiting: Waiting, failed: Failed }: Loading<P>) {
  const file = new File(load);

  function Later(props: P) {
    const state = useSyncExternalStore(file.subscribe, file.snapshot);
    useEffect(() => void file.want(), []);
    if (file.part) return <file.part {...props} />;
    if (state === "failed") return <Failed again={() => void file.want()} props={props} />;
    return Waiting ? <Waiting {...props} /> : null;
  }
  /** Loads it while nothing else is to do. A failure is told when it is wanted. */
  Later.prefetch = () => idle(() => void file.glance());
  return Later;
}

/** Whether a part that opens has been open yet: until then it is not loaded, only fetched when nothing else is to do. */
export function useWanted(isOpen: boolean, { prefetch }: { prefetch: () => () => void }): boolean {
  const [wanted, setWanted] = useState(isOpen);
  if (isOpen && !wanted) setWanted(true);
  useEffect(() => prefetch(), [prefetch]);
  return wanted;
}

/** One file and where its loading stands. */
class File<P extends object> {
  part: ComponentType<P> | null = null;
  #load: () => Promise<ComponentType<P>>;
  #state: State = "unread";
  #loading: Promise<void> | null = null;
  #listeners = new Set<() => void>();

  constructor(load: () => Promise<ComponentType<P>>) {
    this.#load = load;
  }

  /** Loads it; a network that stutters is given two more chances. */
  want(): Promise<void> {
    if (this.part) return Promise.resolve();
    if (this.#state === "failed") this.#become("unread");
    return (this.#loading ??= this.#attempt(AGAIN_MS).finally(() => (this.#loading = null)));
  }

  async glance(): Promise<void> {
    if (this.part || this.#loading) return;
    await this.#load().then((part) => this.#take(part), () => undefined);
  }

  subscribe = (listener: () => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  snapshot = () => this.#state;

  async #attempt(again: readonly number[]): Promise<void> {
    try {
      this.#take(await this.#load());
    } catch {
      const [pause, ...rest] = again;
      if (pause === undefined) return this.#become("failed");
      await new Promise((done) => setTimeout(done, pause));
      return this.#attempt(rest);
    }
  }

  #take(part: ComponentType<P>): void {
    this.part = part;
    this.#become("read");
  }

  #become(state: State): void {
    this.#state = state;
    this.#listeners.forEach((listener) => listener());
  }
}

/** When the browser has nothing else to do. */
export function idle(act: () => void): () => void {
  if (typeof requestIdleCallback === "undefined") {
    const timer = setTimeout(act, 300);
    return () => clearTimeout(timer);
  }
  const handle = requestIdleCallback(act, { timeout: 3_000 });
  return () => cancelIdleCallback(handle);
}
