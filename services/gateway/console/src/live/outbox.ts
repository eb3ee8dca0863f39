// What was pressed while the server was away: shown as waiting, sent once when it is back, in the order of the presses, or
// refused with its reason.

import { useSyncExternalStore } from "react";
import { type How, Problem } from "../api/client";
import { isReached, onReach } from "./reach";
import { isSignedOut, onSignIn, signInRanOut } from "./signedOut";

export interface Waiting {
  id: number;
  /** What was pressed, for people. */
  what: string;
  /** Why it was refused afterwards; undefined while it waits. */
  refusal?: unknown;
}

/** The person took it back while it waited. */
export const GIVEN_UP = "GIVEN_UP";
/** Between two tries while the server answers that it is not ready. */
const AGAIN_MS = 2_000;

interface Place extends Waiting {
  go: () => void;
  giveUp: () => void;
  /** Under way just now. */
  sent: boolean;
}

let places: readonly Place[] = [];
let nextId = 1;
const listeners = new Set<() => void>();
const told = new WeakSet<object>();

function set(next: readonly Place[]): void {
  places = next;
  listeners.forEach((listener) => listener());
}

const isOpen = () => isReached() && !isSignedOut();

/** Lets the first one go that waits; the next one follows when it is done. */
function pump(): void {
  const first = places.find((place) => place.refusal === undefined);
  if (!first || first.sent || !isOpen()) return;
  first.sent = true;
  first.go();
}

onReach(pump);
onSignIn(pump);

/** The outbox has told of this refusal: nobody else needs to. */
export const isTold = (error: unknown) => typeof error === "object" && error !== null && told.has(error);

export const dismiss = (id: number) => {
  places.find((place) => place.id === id)?.giveUp();
  set(places.filter((place) => place.id !== id));
  pump();
};

/** Does what was pressed, now or as soon as it can be done. `onSent` runs when it had to wait. */
export async function patiently<T>(what: string, work: (how: How) => Promise<T>, onSent: () => void): Promise<T> {
  const id = nextId++;
  let tries = 0;
  const wait = async (why?: Problem): Promise<void> => {
    if (why?.status === 401 && !signInRanOut()) throw why;
    if (tries++ > 0 && isOpen()) await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    await new Promise<void>((go, stop) => {
      const giveUp = () => {
        const problem = new Problem(0, GIVEN_UP, "");
        told.add(problem);
        stop(problem);
      };
      const place: Place = { id, what, go, giveUp, sent: false };
      const known = places.some((one) => one.id === id);
      set(known ? places.map((one) => (one.id === id ? place : one)) : [...places, place]);
      pump();
    });
  };
  try {
    // Nothing overtakes what waits already.
    if (!isOpen() || places.some((place) => place.refusal === undefined)) await wait();
    const done = await work({ wait });
    if (places.some((place) => place.id === id)) onSent();
    set(places.filter((place) => place.id !== id));
    return done;
  } catch (error) {
    if (places.some((place) => place.id === id) && error instanceof Error) {
      told.add(error);
      set(places.map((place) => (place.id === id ? { ...place, refusal: error } : place)));
    }
    throw error;
  } finally {
    pump();
  }
}

export function useOutbox(): readonly Waiting[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => places,
  );
}
