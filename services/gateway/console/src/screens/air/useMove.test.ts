import { expect, it } from "vitest";
import type { BagItem } from "../../api/types";
import { at, beside, near } from "./useMove";

const bag = (...ids: string[]) =>
  ids.map((product_id, place) => ({ product: { product_id }, number: place + 1, source: "link" }) as BagItem);

it("drops a product beside another one, wherever that one stands by then", () => {
  expect(near("a", "c", true)(bag("a", "b", "c"))).toBe(3);
  expect(near("a", "c", false)(bag("a", "b", "c"))).toBe(2);
  expect(near("a", "c", true)(bag("c", "b", "a"))).toBe(2);
  expect(near("a", "c", true)(bag("a", "b"))).toBe(0);
});

it("moves by one place or to a number, within the bag as it is", () => {
  expect(beside("b", -1)(bag("a", "b"))).toBe(1);
  expect(beside("b", -1)(bag("x", "a", "b"))).toBe(2);
  expect(at(5)(bag("a", "b"))).toBe(2);
  expect(at(1)(bag("a", "b"))).toBe(1);
});
