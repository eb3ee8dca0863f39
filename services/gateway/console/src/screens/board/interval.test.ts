import { expect, it } from "vitest";
import { resolve, shift, WHOLE, within, zoom } from "./interval";

const MINUTE = 60_000;
const session = { start: 0, end: 120 * MINUTE };

it("never leaves the session", () => {
  expect(resolve({ kind: "last", minutes: 500 }, session)).toEqual(session);
  expect(within(-5, 10 * MINUTE, session)).toEqual({ kind: "range", from: 0, until: 10 * MINUTE });
  const late = shift({ kind: "last", minutes: 30 }, session, 5);
  expect(resolve(late, session)).toEqual({ start: 90 * MINUTE, end: session.end });
});

it("zooms in around the middle and out to the whole", () => {
  expect(zoom(WHOLE, session, 0.5)).toEqual({ kind: "range", from: 30 * MINUTE, until: 90 * MINUTE });
  expect(zoom({ kind: "range", from: 30 * MINUTE, until: 90 * MINUTE }, session, 2)).toEqual(WHOLE);
});

it("snaps a marked part to whole minutes", () => {
  expect(within(90_500, 200_000, session)).toEqual({ kind: "range", from: MINUTE, until: 4 * MINUTE });
});
