import { expect, it } from "vitest";
import { Problem } from "../api/client";
import { problemText } from "./Notes";

const refused = (field: string, problem: string) => problemText(new Problem(400, "INVALID_FIELD", `${field}: ${problem}`, field));

it("says a refused field by its name, wherever it lies in the request", () => {
  expect(refused("title", "must not be empty")).toBe("Title: must not be empty");
  expect(refused("product.title", "must not be empty")).toBe("Title: must not be empty");
  expect(refused("products[2].price", "must be above 0")).toBe("Price: must be above 0");
});

it("leaves the path of a field without a name out", () => {
  expect(refused("references[0]", "must be a UUID")).toBe("Must be a UUID");
});

it("says a known problem in the catalogue's words, whatever field it names", () => {
  expect(problemText(new Problem(409, "BAG_FULL", "bag: is full", "bag"))).toBe(
    "The bag would hold more than 100 products. Nothing was added.",
  );
  expect(problemText(new Problem(422, "NEW_CODE", "the shop is closed", "shop"))).toBe("the shop is closed");
  expect(problemText(new Error("x"))).toBe("Something went wrong. Nothing was changed.");
});
