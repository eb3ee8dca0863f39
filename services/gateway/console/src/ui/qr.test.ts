import { expect, it } from "vitest";
import { qr } from "./qr";

it("draws a code that grows with its text, its corner dark", () => {
  const short = qr("https://a.example/watch/1");
  expect(short.size).toBeGreaterThanOrEqual(21);
  expect(short.path.startsWith("M0 0h1v1h-1z")).toBe(true);
  expect(qr("https://a.example/".padEnd(200, "x")).size).toBeGreaterThan(short.size);
});
