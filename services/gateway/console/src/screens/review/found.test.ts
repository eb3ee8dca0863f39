import { expect, test } from "vitest";
import { found } from "./found";

test("case, accents and the order of words do not matter", () => {
  expect(found("dai AO", "Áo dài, size M")).toBe(true);
  expect(found("", "anything")).toBe(true);
  expect(found("kim blue", "Does it come in blue?", "Kim")).toBe(true);
  expect(found("green", "Does it come in blue?", undefined)).toBe(false);
});
