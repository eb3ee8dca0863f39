import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { BEAT_MS, keepPresent } from "./presence";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** When beats were said, in seconds from the start. */
function recorded(standing: () => boolean) {
  const began = Date.now();
  const said: number[] = [];
  const stop = keepPresent(standing, () => said.push((Date.now() - began) / 1000));
  return { said, stop };
}

it("says nothing while the stream stands", () => {
  const { said } = recorded(() => true);
  vi.advanceTimersByTime(10 * BEAT_MS);
  expect(said).toEqual([]);
});

it("says every 20 s that it is still here while there is no stream, and stops when told", () => {
  let standing = true;
  const { said, stop } = recorded(() => standing);
  vi.advanceTimersByTime(BEAT_MS);
  standing = false;
  vi.advanceTimersByTime(3 * BEAT_MS);
  expect(said).toEqual([40, 60, 80]);
  stop();
  vi.advanceTimersByTime(3 * BEAT_MS);
  expect(said).toHaveLength(3);
});

it("comes often enough in a hidden tab, whose timers the browser lets run once a minute", () => {
  // A throttled interval runs at the next whole minute, and then waits its pause again.
  vi.useRealTimers();
  const waiting: { at: number; every: number; run: () => void }[] = [];
  let now = 0;
  const minute = (ms: number) => Math.ceil(ms / 60_000) * 60_000;
  vi.stubGlobal("setInterval", (run: () => void, every: number) => waiting.push({ at: minute(every), every, run }));
  const said: number[] = [];
  keepPresent(() => false, () => said.push(now));
  for (let turn = 0; turn < 10; turn++) {
    const next = waiting[0]!;
    now = next.at;
    next.run();
    next.at = minute(now + next.every);
  }
  vi.unstubAllGlobals();
  const gaps = said.map((at, index) => at - (said[index - 1] ?? 0));
  expect(Math.max(...gaps)).toBeLessThan(75_000);
});
