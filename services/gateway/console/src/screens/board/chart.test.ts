import { expect, it } from "vitest";
import { distinct } from "./chart";

it("an axis of nothing says €0 once", () => {
  expect(distinct(["€0", "€0", "€0", "€1", "€1"])).toEqual(["€0", "", "", "€1", ""]);
});
