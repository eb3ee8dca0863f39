import { expect, test } from "vitest";
import type { Product } from "../api/types";
import { canHave, choosing, missingOf, valuesOf, variantOf } from "./choices";

const price = { minor: 1500, currency: "EUR" };
const one = (reference: string, values: string[], stock?: number) => ({ variant_id: reference, reference, values, price, stock: stock ?? null });
const shirt = {
  options: [{ name: "Colour" }, { name: "Size" }, { name: "Cut" }],
  variants: [
    one("RS", ["Red", "S", "Slim"]),
    one("RL", ["Red", "L", "Slim"], 0),
    one("BL", ["Blue", "L", "Slim"], 2),
    one("GS", ["Green", "S", "Slim"], 0),
  ],
} as unknown as Product;

test("values stand in the shop's order, once each", () => {
  expect(valuesOf(shirt, 0)).toEqual(["Red", "Blue", "Green"]);
  expect(valuesOf(shirt, 1)).toEqual(["S", "L"]);
});

test("what is sold out cannot be chosen, and nobody is caught between two options", () => {
  expect(["Red", "Blue", "Green"].map((value) => canHave(shirt, ["Red", "S"], 0, value))).toEqual([true, true, false]);
  expect(["S", "L"].map((value) => canHave(shirt, ["Red"], 1, value))).toEqual([true, false]);
});

test("a choice takes away what does not go with it, and an option of one value is chosen by itself", () => {
  expect(choosing(shirt, [])).toEqual(["", "", "Slim"]);
  expect(choosing(shirt, ["Red", "S"])).toEqual(["Red", "S", "Slim"]);
  expect(choosing(shirt, ["Blue", "S"])).toEqual(["Blue", "", "Slim"]);
});

test("a variant is chosen once every option has a value", () => {
  expect(variantOf(shirt, ["Red", "", "Slim"])).toBeUndefined();
  expect(missingOf(shirt, ["Red", "", "Slim"])).toBe("Size");
  expect(variantOf(shirt, ["Blue", "L", "Slim"])?.reference).toBe("BL");
  expect(variantOf(shirt, ["Red", "L", "Slim"])).toBeUndefined();
  expect(missingOf(shirt, ["Blue", "L", "Slim"])).toBe("");
});
