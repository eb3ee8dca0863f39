import { expect, test } from "vitest";
import { line } from "./line";

test("a series goes from the lower to the upper edge", () => expect(line([0, 5, 10], 24, 24)).toBe("M2 22L12 12L22 2"));
test("a missing value is a gap", () => expect(line([0, null, 10], 24, 24)).toBe("M2 22M22 2"));
test("a level series lies in the middle", () => expect(line([3, 3], 24, 24)).toBe("M2 12L22 12"));
test("nothing known draws nothing", () => expect(line([null], 24, 24)).toBe(""));
