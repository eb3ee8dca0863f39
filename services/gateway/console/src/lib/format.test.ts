import { expect, it } from "vitest";
import { DASH, daysLeft, duration, metricValue, money, reading } from "./format";

it("writes money from minor units with each currency's own digits", () => {
  expect(money(1999, "USD")).toMatch(/19\.99$/);
  expect(money(500, "JPY")).toMatch(/500$/);
  expect(money(1234, "KWD")).toMatch(/1\.234$/);
  expect(money(-5, "EUR")).toMatch(/-.*0\.05$/);
  expect(money(1_868_804_521, "CNY")).toMatch(/18,688,045\.21$/);
});

it("goes by ISO 4217 where the browser does not", () => {
  expect(money(1_500_000, "IDR")).toMatch(/15,000\.00$/);
  expect(money(9950, "HUF")).toMatch(/99\.50$/);
  expect(money(1_299_000, "VND")).toMatch(/1,299,000$/);
  expect(money(75_000_000_000, "VND", true)).toMatch(/75B$/);
  expect(money(150_000, "IDR", true)).toMatch(/1\.5K$/);
  expect([99_950, 16_630, 5_826, 500].map((minor) => money(minor, "EUR", true))).toEqual(["€1,000", "€166", "€58.26", "€5"]);
});

it("tells missing from zero", () => {
  expect(reading({ metric: "orders", missing: "not_yet" }, "count")).toBe(DASH);
  expect(reading({ metric: "orders", value: null }, "count")).toBe(DASH);
  expect(reading(undefined, "count")).toBe(DASH);
  expect(reading({ metric: "orders", value: 0 }, "count")).toBe("0");
});

it("writes each unit its own way", () => {
  expect(metricValue(0.0834, "rate")).toBe("8.3%");
  expect(metricValue(3725, "seconds")).toBe("1:02:05");
  expect(metricValue(13_147_873, "count")).toBe("13,147,873");
  expect(metricValue(13_147_873, "count", "", true)).toBe("13.1M");
});

it("counts long sessions in hours and days to come in whole days", () => {
  expect(duration(57_599)).toBe("15:59:59");
  expect(duration(-1)).toBe("0:00:00");
  expect(daysLeft("2026-11-23T00:00:01Z", Date.parse("2026-11-22T00:00:00Z"))).toBe(2);
  expect(daysLeft("2026-11-01T00:00:00Z", Date.parse("2026-11-22T00:00:00Z"))).toBe(0);
});
