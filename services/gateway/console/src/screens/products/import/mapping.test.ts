import { expect, it } from "vitest";
import type { Import } from "../../../api/types";
import { mappingOf, missing, withField, written } from "./mapping";

const COLUMNS = [{ column: "SKU", field: "product" }, { column: "Cost: net", field: "price" }, { column: "Name" }];

it("gives a field to one column alone", () => {
  const moved = withField(mappingOf(COLUMNS), 2, "price");
  expect(moved).toEqual(["product", "", "price"]);
  expect(withField(moved, 0, "")).toEqual(["", "", "price"]);
});

it("says a mapping by the names of the columns", () => {
  expect(written(COLUMNS, mappingOf(COLUMNS))).toEqual(["product:SKU", "price:Cost: net"]);
});

it("knows what is still needed", () => {
  const other = { format: "other" } as Import;
  expect(missing(other, ["title", "", ""])).toEqual(["product", "price"]);
  expect(missing({ format: "tiktok_shop" } as Import, ["title", "price", ""])).toEqual([]);
});
