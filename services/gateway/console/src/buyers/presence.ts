// "Still here": an open stream says it for the page, as long as it takes bytes. So the page itself says it only while its
// stream does not stand. A hidden tab gets one timer a minute from the browser: 60 s are still less than the 75 s after
// which a viewer is gone.

export const BEAT_MS = 20_000;

/** Says `beat` now and then while `standing` is false; returns how to stop. The first time after one whole pause. */
export function keepPresent(standing: () => boolean, beat: () => void, every = BEAT_MS): () => void {
  const timer = setInterval(() => {
    if (!standing()) beat();
  }, every);
  return () => clearInterval(timer);
}
