import { expect, it } from "vitest";
import { rememberToken, tokenOf } from "./known";

function storage(): Storage {
  const kept = new Map<string, string>();
  return {
    get length() {
      return kept.size;
    },
    clear: () => kept.clear(),
    key: () => null,
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
    removeItem: (key) => void kept.delete(key),
  };
}

it("knows a viewer again at the account where they were, and at no other", () => {
  const here = storage();
  expect(tokenOf("a", here)).toBe("");
  rememberToken("a", "first", false, here);
  rememberToken("a", "second", false, here);
  expect([tokenOf("a", here), tokenOf("b", here)]).toEqual(["second", ""]);
});

it("does not let a look at a replay replace who counts", () => {
  const here = storage();
  rememberToken("a", "counts", false, here);
  rememberToken("a", "looks on", true, here);
  expect(tokenOf("a", here)).toBe("counts");
});

it("takes everybody for new where storage is forbidden or full", () => {
  const never = () => {
    throw new DOMException("no");
  };
  const forbidden: Storage = { ...storage(), getItem: never, setItem: never };
  rememberToken("a", "x", false, forbidden);
  expect(tokenOf("a", forbidden)).toBe("");
});
