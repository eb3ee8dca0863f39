import { expect, test } from "vitest";
import { hue, initials } from "./initials";

test("a name without a picture shows the letters it begins with", () => {
  expect(initials("Linen shirt, washed blue")).toBe("LB");
  expect(initials("Aylin")).toBe("A");
  expect(initials("  ")).toBe("");
  expect(initials("👩‍👩‍👧 family")).toBe("👩‍👩‍👧F");
  expect(initials("เสื้อ")).toBe("เ");
});

test("a name keeps its hue", () => {
  expect(hue("Aylin")).toBe(hue("Aylin"));
  for (const name of ["", "a", "Zoë", "这个"]) expect([1, 2, 3, 4, 5, 6]).toContain(hue(name));
});
