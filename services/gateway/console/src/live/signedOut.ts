// A sign-in that runs out. A page on air is not left for it: it asks for the sign-in where it is.

import { useEffect, useSyncExternalStore } from "react";

let holders = 0;
let out = false;
const listeners = new Set<() => void>();

function set(next: boolean): void {
  if (out === next) return;
  out = next;
  listeners.forEach((listener) => listener());
}

/** True when a page asks by itself, so that nobody is led away. */
export function signInRanOut(): boolean {
  if (holders > 0) set(true);
  return holders > 0;
}

export const signedInAgain = () => set(false);
export const isSignedOut = () => out;

export function onSignIn(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** While `held` the page asks for the sign-in itself; tells whether it has to. */
export function useSignedOut(held: boolean): boolean {
  useEffect(() => {
    if (!held) return undefined;
    holders++;
    return () => {
      holders--;
      if (holders === 0) set(false);
    };
  }, [held]);
  return useSyncExternalStore(onSignIn, isSignedOut);
}
