import { describe, expect, it } from "vitest";
import cases from "../../../../../tests/conformance/text/cases.json";
import { checked, cut, length, problemOf, trimmed, VIEWER_NAME } from "./text";

interface Case {
  name: string;
  kind: string;
  minimum: number;
  maximum: number;
  value: string;
  accepted: boolean;
  clean?: string;
  length?: number;
}

describe("the rule for texts answers as the services do", () => {
  for (const one of cases as Case[]) {
    it(one.name, () => {
      const outcome = checked(one.value, { minimum: one.minimum, maximum: one.maximum, lines: one.kind === "lines" });
      if (one.accepted) {
        expect(outcome).toEqual({ text: one.clean });
        expect(length(one.clean ?? "")).toBe(one.length);
      } else {
        expect(outcome).toHaveProperty("problem");
      }
    });
  }
});

it("cuts between characters", () => {
  expect(cut("👩‍🍳👩‍🍳👩‍🍳", 2)).toBe("👩‍🍳👩‍🍳");
  expect(cut("abc", 5)).toBe("abc");
});

it("leaves controls at the ends of a text to be refused", () => {
  expect(trimmed(" \u3000a\x1c\n")).toBe("a\x1c");
  expect(problemOf("a\x1c", VIEWER_NAME)).toBe("control");
});

it("tells nothing of a name that is empty", () => {
  expect(problemOf("", { minimum: 1, maximum: 9 })).toBeNull();
});
