import { expect, it, vi } from "vitest";
import { Problem } from "../../api/client";
import { overNewest } from "./newest";

const stale = new Problem(412, "VERSION_CONFLICT", "");

it("makes the change anew to what somebody else has made of it, a few times", async () => {
  const change = vi.fn(async (seen: number) => {
    if (seen < 3) throw stale;
    return `at ${seen}`;
  });
  let version = 1;
  expect(await overNewest(version, async () => ++version, change)).toBe("at 3");
  expect(change.mock.calls).toEqual([[1], [2], [3]]);
  const never = vi.fn(async () => Promise.reject(stale));
  await expect(overNewest(1, async () => 2, never)).rejects.toBe(stale);
  expect(never).toHaveBeenCalledTimes(4);
});

it("tries no other refusal again", async () => {
  const refused = new Problem(409, "SESSION_ENDED", "");
  const change = vi.fn(async () => Promise.reject(refused));
  await expect(overNewest(1, async () => 2, change)).rejects.toBe(refused);
  expect(change).toHaveBeenCalledTimes(1);
});
