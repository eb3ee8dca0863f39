import { expect, it } from "vitest";
import { joined, placed, shifted } from "./order";

const IDS = ["a", "b", "c"];

it("puts a product before or after another", () => {
  expect(placed(IDS, "a", "c", true)).toEqual(["b", "c", "a"]);
  expect(placed(IDS, "c", "a", false)).toEqual(["c", "a", "b"]);
  expect(placed(IDS, "a", "gone", true)).toEqual(IDS);
  expect(placed(IDS, "gone", "a", true)).toEqual(IDS);
});

it("moves a product by one place, and none beyond an end", () => {
  expect(shifted(IDS, "b", -1)).toEqual(["b", "a", "c"]);
  expect(shifted(IDS, "b", 1)).toEqual(["a", "c", "b"]);
  expect(shifted(IDS, "a", -1)).toEqual(IDS);
  expect(shifted(IDS, "c", 1)).toEqual(IDS);
  expect(shifted(IDS, "gone", 1)).toEqual(IDS);
});

it("adds at the end, each once", () => {
  expect(joined(IDS, ["b", "d", "d"])).toEqual(["a", "b", "c", "d"]);
});
