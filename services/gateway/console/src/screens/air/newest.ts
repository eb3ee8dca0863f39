// A change that is sent with the version that its author has seen.

import { Problem } from "../../api/client";

const TRIES = 4;

/** Makes a change to what was seen. When somebody else was quicker (412), it is made anew to what that has become. */
export async function overNewest<S, R>(seen: S, again: () => Promise<S>, change: (seen: S) => Promise<R>): Promise<R> {
  for (let tries = 1; ; tries++) {
    try {
      return await change(seen);
    } catch (error) {
      if (!(error instanceof Problem) || error.status !== 412 || tries === TRIES) throw error;
      seen = await again();
    }
  }
}
