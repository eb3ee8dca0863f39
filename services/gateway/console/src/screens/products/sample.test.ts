import { expect, it } from "vitest";
import { sample } from "./sample";

it("writes prices with the decimals of the shop's currency, and quotes words", () => {
  expect(sample("JPY", [['Pot, "large"', "Kitchen"]])).toBe('product,title,category,price_jpy,commission_percent\r\nSKU-1,"Pot, ""large""","Kitchen",34,10\r\n');
  expect(sample("KWD", [["Pot", "Kitchen"]])).toContain("34.000");
});
