import { expect, it } from "vitest";
import type { SessionRow } from "../../api/types";
import { type Creator, sorted } from "./creators";

const row = (start: string) => ({ session: { start_time: start }, readings: [] }) as unknown as SessionRow;
const creator = (name: string, more: Partial<Creator> = {}): Creator => ({ id: name, name, shop: "", accounts: [], now: undefined, last: undefined, next: [], ...more });

it("puts who is on air first, then who was on air last, then goes by name", () => {
  const all = [creator("Zoe"), creator("Bo", { last: row("2026-11-01") }), creator("Ana"), creator("Cleo", { last: row("2026-11-20") }), creator("Dee", { now: row("2026-12-01") })];
  expect(sorted(all).map((one) => one.name)).toEqual(["Dee", "Cleo", "Bo", "Ana", "Zoe"]);
});
