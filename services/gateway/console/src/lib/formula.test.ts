import { expect, it } from "vitest";
import { formulaText } from "./formula";

const TITLES = new Map([["sku_orders", "SKU orders"], ["product_clicks", "Product clicks"], ["views", "Views"], ["orders", "Orders"]]);
const read = (formula: string) => formulaText(formula, (name) => TITLES.get(name));

it("names metrics as the screen does", () => {
  expect(read("sku_orders / product_clicks")).toBe("SKU orders / Product clicks");
  expect(read("1000 x orders / views")).toBe("1000 × Orders / Views");
});

it("leaves prose alone", () => {
  expect(read("count of paid orders")).toBe("count of paid orders");
  expect(read("end (or now) - start")).toBe("end (or now) - start");
});
