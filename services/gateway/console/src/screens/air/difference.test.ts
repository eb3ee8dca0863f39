import { expect, it } from "vitest";
import { difference } from "./difference";

it("tells the lines that changed, without those around them", () => {
  expect(difference("a\nb\nc", "a\nB\nB2\nc")).toEqual({ gone: ["b"], come: ["B", "B2"] });
  expect(difference("a\na", "a\na\na")).toEqual({ gone: [], come: ["a"] });
  expect(difference("", "new")).toEqual({ gone: [""], come: ["new"] });
  expect(difference("same", "same")).toEqual({ gone: [], come: [] });
});
