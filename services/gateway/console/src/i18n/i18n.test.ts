import { expect, it } from "vitest";
import { compile, compiled } from "../../icu";
import { named, t } from ".";
import { catalogue } from "./catalogue";
import { pick } from "./locale";
import { accented, pseudo } from "./pseudo";

it("gives plurals, numbers and values by ICU", () => {
  expect(t("sessions.count", { n: 1 })).toBe("1 session");
  expect(t("sessions.count", { n: 1234 })).toBe("1,234 sessions");
  expect(t("bag.drag", { title: "Teapot {n}" })).toBe("Drag Teapot {n}");
});

it("gives what the server names, or what stands for it", () => {
  expect(named("order", "paid")).toBe("Paid");
  expect(named("order", "lost", "?")).toBe("?");
});

it("leaves plain text text when it is built, and names a broken message", () => {
  expect(compiled("A shop's own <b>")).toBe("A shop's own <b>");
  expect(compile('export const a = { one: "It’s {n}" } as const;')).toContain('{ one: [{"type":0,"value":"It’s "}');
  expect(() => compile('export const a = { "one.two": "{n, plural, one {#}}" };')).toThrow(/"one.two": .*OTHER/);
});

it("takes the first wanted language that there is", () => {
  expect(pick([null, "fr-CA", "de-AT", "en"], ["en", "de"])).toBe("de");
  expect(pick(["pt-BR"], ["en", "pt", "pt-BR"])).toBe("pt-BR");
  expect(pick(["xx"], ["en", "de"])).toBe("en");
  expect(pick(["en-XA", "de"], ["en", "de"])).toBe("en-XA");
});

it("makes the pseudo-locale longer and accented, with its placeholders", () => {
  expect(accented("Go LIVE")).toBe("Ĝó ĻÍṼÉ");
  const one = pseudo(catalogue);
  expect(String(one["live.go"]).length).toBeGreaterThanOrEqual(Math.floor("Go LIVE".length * 1.4));
  expect(String(one["live.go"])).not.toMatch(/[a-z]/i);
  expect(JSON.stringify(one["bag.drag"])).toContain('"type":1,"value":"title"');
});
