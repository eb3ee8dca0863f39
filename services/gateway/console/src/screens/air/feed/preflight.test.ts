import { expect, it } from "vitest";
import { missingOf } from "./preflight";

const stream = (video: number, audio: number) =>
  ({ getVideoTracks: () => Array(video).fill(0), getAudioTracks: () => Array(audio).fill(0) }) as unknown as MediaStream;

it("names what is missing before a LIVE, in order", () => {
  expect(missingOf({ title: "Tea", bag_size: 2 }, { stream: stream(1, 1) })).toEqual([]);
  expect(missingOf({ title: "Tea", bag_size: 0 }, { stream: stream(1, 0) })).toEqual(["products", "microphone"]);
  expect(missingOf({ title: " " }, { stream: null })).toEqual(["title", "products", "camera", "microphone"]);
});
