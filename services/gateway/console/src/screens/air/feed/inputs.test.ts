import { expect, it } from "vitest";
import { preferred } from "./inputs";

const front = { id: "a", label: "Front camera" };
const obs = { id: "b", label: "OBS Virtual Camera (m-de:vice)" };

it("takes the OBS Virtual Camera by itself, and another one by hand", () => {
  expect(preferred([front, obs], "")).toBe("b");
  expect(preferred([front, obs], "a")).toBe("a");
  expect(preferred([front], "")).toBe("a");
  expect(preferred([], "")).toBe("");
});

it("does not wait for a camera that was unplugged", () => {
  expect(preferred([front, obs], "gone")).toBe("b");
  expect(preferred([front], "gone")).toBe("a");
});
