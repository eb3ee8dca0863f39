import { expect, it } from "vitest";
import { newInvite } from "./invites";

it("makes invites that can be read out, each its own", () => {
  expect(newInvite((size) => new Uint32Array(size).map((_, at) => at))).toBe("ABCD-EFGH-JKMN");
  expect(newInvite()).toMatch(/^([A-Z2-9]{4}-){2}[A-Z2-9]{4}$/);
  expect(newInvite()).not.toBe(newInvite());
});
