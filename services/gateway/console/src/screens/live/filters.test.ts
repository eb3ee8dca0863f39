import { expect, test } from "vitest";
import { filtersOf, isNarrowed, queryOf } from "./filters";

test("an address that makes no sense narrows nothing", () => {
  const filters = filtersOf({ q: "", state: "gone", period: "1y", from: "30.11.2026", sort: "luck", up: "yes" });
  expect(Object.values(filters).filter((one) => one !== undefined)).toEqual([]);
  expect(isNarrowed(filters)).toBe(false);
});

test("a number is a name, too", () => expect(filtersOf({ q: 2026 }).q).toBe("2026"));

test("days of one's own are both in, in the reader's zone", () => {
  const query = queryOf(filtersOf({ period: "own", from: "2026-11-01", until: "2026-11-30" }));
  expect(query["start_from"]).toBe(new Date(2026, 10, 1).toISOString());
  expect(query["start_until"]).toBe(new Date(2026, 11, 1).toISOString());
  expect(queryOf(filtersOf({ from: "2026-11-01" }))["start_from"]).toBeUndefined();
});

test("account, state and order are asked for", () => {
  expect(queryOf(filtersOf({ account: "a", state: "ended", sort: "gmv", up: true }))).toMatchObject({
    account_ids: ["a"], states: ["ended"], sort: "gmv", ascending: true,
  });
});

test("without an account of their own, filters are about those of the place", () => {
  expect(queryOf({}, ["b", "c"])["account_ids"]).toEqual(["b", "c"]);
  expect(queryOf({ account: "a" }, ["b", "c"])["account_ids"]).toEqual(["a"]);
});
