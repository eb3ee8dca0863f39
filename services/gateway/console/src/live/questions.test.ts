import { expect, it } from "vitest";
import type { Activity } from "../api/types";
import { isQuestion, unanswered } from "./questions";

const said = (subject_id: string, summary: string, more: Partial<Activity> = {}): Activity => ({
  position: 1, kind: "comment", subject_id, time: "", summary, ...more,
});

it("knows a question by its mark or by the product that it is about", () => {
  expect(isQuestion(said("a", "Is it blue?"))).toBe(true);
  expect(isQuestion(said("a", "هل الشحن مجاني؟ "))).toBe(true);
  expect(isQuestion(said("a", "Blue", { product_id: "p" }))).toBe(true);
  expect(isQuestion(said("a", "Why? I like it"))).toBe(false);
  expect(isQuestion(said("a", "Any wishes?", { from_host: true }))).toBe(false);
});

it("leaves out what the host has answered, and begins with the oldest", () => {
  const lines = [said("d", "Now?"), said("c", "Yes", { from_host: true, reply_to: "b" }), said("b", "Blue?"), said("a", "Warm?")];
  expect(unanswered(lines).map((line) => line.subject_id)).toEqual(["a", "d"]);
});
