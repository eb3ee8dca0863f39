import { expect, it } from "vitest";
import { EventParser } from "./parser";

const TEXT = ': heartbeat\nid: 7\nevent: board\ndata: {"a":1}\n\nevent: activity\r\ndata: one\r\ndata: two\r\n\r\ndata: cut';

it("reads the same events however the text is cut", () => {
  for (let size = 1; size <= TEXT.length; size++) {
    const parser = new EventParser();
    const events = [];
    for (let from = 0; from < TEXT.length; from += size) events.push(...parser.push(TEXT.slice(from, from + size)));
    expect(events).toEqual([
      { name: "board", data: '{"a":1}', id: "7" },
      { name: "activity", data: "one\ntwo", id: "7" },
    ]);
  }
});

it("resumes after the last id, without what was cut off", () => {
  const parser = new EventParser();
  parser.push("id: 9\nevent: board\nda");
  parser.reset();
  expect(parser.push("event: watch\ndata: {}\n\n")).toEqual([{ name: "watch", data: "{}", id: "9" }]);
});

it("keeps the pause that the server asks for", () => {
  const parser = new EventParser();
  parser.push("event: bye\nretry: 2500\ndata: {}\n\n");
  expect(parser.retry).toBe(2500);
  parser.push("retry: soon\n");
  expect(parser.retry).toBe(2500);
});
