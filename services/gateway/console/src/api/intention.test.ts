import { expect, it } from "vitest";
import { Problem } from "./client";
import { Intention } from "./intention";

/** Sends `wanted`; tells the key that went out. */
async function press(intention: Intention, wanted: unknown, error?: Problem): Promise<string> {
  let sent = "";
  const request = async (key: string) => {
    sent = key;
    if (error) throw error;
  };
  await intention.send(wanted, request).catch(() => undefined);
  return sent;
}

const lost = new Problem(0, "UNREACHABLE", "");

it("keeps its key after a lost answer, an error of the server and one that still runs", async () => {
  const intention = new Intention();
  const first = await press(intention, ["tea", 2], lost);
  expect(await press(intention, ["tea", 2], new Problem(503, "UNAVAILABLE", ""))).toBe(first);
  expect(await press(intention, ["tea", 2], new Problem(409, "IDEMPOTENCY_RUNNING", ""))).toBe(first);
  expect(await press(intention, ["tea", 2])).toBe(first);
  // The order went through and its payment did not: the next press must not order again.
  expect(await press(intention, ["tea", 2])).toBe(first);
});

it("takes a new key for something else, after a refusal, and once it is done", async () => {
  const intention = new Intention();
  const keys = [await press(intention, ["tea", 2], lost), await press(intention, ["tea", 3], lost)];
  keys.push(await press(intention, ["tea", 3], new Problem(409, "SESSION_NOT_LIVE", "")));
  expect(keys[2]).toBe(keys[1]);
  keys.push(await press(intention, ["tea", 3]));
  intention.done();
  keys.push(await press(intention, ["tea", 3]));
  expect(new Set(keys).size).toBe(4);
});
