import { expect, it } from "vitest";
import type { SessionRow } from "../../api/types";
import { sharedEvents, together } from "./groupRows";

const rows = ["a:e1", "b:", "c:e2", "d:e1", "e:"].map((text) => {
  const [session_id, event_id] = text.split(":");
  return { session: { session_id, event_id }, readings: [] } as unknown as SessionRow;
});

it("brings the sessions of an event together, and leaves the others where they are", () => {
  expect(sharedEvents(rows)).toEqual(["e1"]);
  expect(together(rows).map(({ session }) => session.session_id)).toEqual(["a", "d", "b", "c", "e"]);
});
