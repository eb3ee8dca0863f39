import { expect, it } from "vitest";
import { backoff } from "./stream";

it("waits longer with each try, never more than 15 s, never less than half of its step", () => {
  expect([0, 1, 2, 3].map((attempt) => backoff(attempt, 1))).toEqual([500, 1000, 2000, 4000]);
  expect(backoff(30, 1)).toBe(15_000);
  expect(backoff(30, 0)).toBe(7_500);
});
