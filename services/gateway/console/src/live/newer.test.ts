import { expect, it } from "vitest";
import type { Board, Watch } from "../api/types";
import { newerBoard, newerWatch } from "./newer";

const board = (position: number, signals_time?: string, session_id = "s") =>
  ({ session: { session_id }, watermark: { position, signals_time } }) as Board;

it("keeps the board that includes more, whichever came first", () => {
  const [early, late] = [board(7, "2026-11-22T10:00:09Z"), board(8, "2026-11-22T10:00:01Z")];
  expect(newerBoard(late, early)).toBe(late);
  expect(newerBoard(early, late)).toBe(late);
  const [before, after] = [board(8), board(8, "2026-11-22T10:00:02Z")];
  expect(newerBoard(after, before)).toBe(after);
  expect(newerBoard(before, after)).toBe(after);
});

it("takes what came last when both include the same, and whatever is of another LIVE", () => {
  const [first, second] = [board(8), board(8)];
  expect(newerBoard(first, second)).toBe(second);
  expect(newerBoard(undefined, second)).toBe(second);
  const other = board(1, undefined, "other");
  expect(newerBoard(first, other)).toBe(other);
});

it("keeps the room with the newer version", () => {
  const room = (version: number) => ({ session: { version } }) as Watch;
  const [old, recent] = [room(3), room(4)];
  expect(newerWatch(recent, old)).toBe(recent);
  expect(newerWatch(old, recent)).toBe(recent);
});
