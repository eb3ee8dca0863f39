import { expect, test } from "vitest";
import { pathOf } from "./links";

test("every address of before has its path of today", () => {
  expect(pathOf("#/session/7")).toBe("live/7");
  expect(pathOf("#/session/7?own=true&camera=false")).toBe("live/7/air?own=true&camera=false");
  expect(pathOf("#/board/7")).toBe("live/7/board");
  expect(pathOf("#/analytics")).toBe("analytics/sessions");
  expect(pathOf("#/analytics/7")).toBe("live/7/review");
  expect(pathOf("#/watch")).toBe("watch");
  expect(pathOf("#/watch/7?channel=share")).toBe("watch/7?channel=share");
  expect(pathOf("#/sign-in?link=secret")).toBe("sign-in?link=secret");
  expect(pathOf("#/")).toBe("");
});

test("a hash that is no address of before stays", () => {
  expect(pathOf("")).toBeNull();
  expect(pathOf("#main")).toBeNull();
  expect(pathOf("#link=secret")).toBeNull();
});
