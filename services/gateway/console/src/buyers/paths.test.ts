import { expect, test } from "vitest";
import { channelOf, roomOf } from "./paths";

test("a path names a LIVE or none", () => {
  expect(roomOf("/watch", "/watch")).toBeNull();
  expect(roomOf("/watch/", "/watch")).toBeNull();
  expect(roomOf("/watch/7", "/watch")).toBe("7");
  expect(roomOf("/shop/watch/7%20a/", "/shop/watch")).toBe("7 a");
});

test("an address names one of the known channels, or other", () => {
  expect(channelOf("?channel=share")).toBe("share");
  expect(channelOf("?channel=evil")).toBe("other");
  expect(channelOf("")).toBe("other");
});
