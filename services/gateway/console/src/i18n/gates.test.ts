// Gates over the sources: no visible word outside the catalogues, no message unused, missing or without its values.

import ts from "typescript";
import { expect, it } from "vitest";
import { catalogue } from "./catalogue";
import * as english from "./en";
import { argumentsOf, frozen, spoken, used, valuesGiven } from "../../sources";
import { lacking } from "../../words";

const sources = import.meta.glob<string>(["../**/*.{ts,tsx}", "!../**/*.test.ts", "!./en/*"], { query: "?raw", import: "default", eager: true });
const files = Object.entries(sources).map(([path, code]) =>
  ts.createSourceFile(path, code, ts.ScriptTarget.Latest, true, path.endsWith("x") ? ts.ScriptKind.TSX : ts.ScriptKind.TS),
);
const buyers = new Set(Object.keys({ ...english.common, ...english.problems, ...english.ui, ...english.watch }));

const inTsx = (code: string) => ts.createSourceFile("a.tsx", code, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX);

it("finds visible words outside the catalogues", () => {
  const found = spoken(inTsx('<p title={a ? "Now" : t("x")}>Hello {" "}<b aria-label={`Pin ${n}`}>{n > 1 && "many"} ×</b></p>'));
  expect(found.map((one) => one.words)).toEqual(["Now", "Hello", "Pin", "many"]);
});

it("has no visible word outside the catalogues", () => {
  expect(files.flatMap(spoken).map(({ where, words }) => `${where} ${words}`)).toEqual([]);
});

it("finds words that are read when a file is imported", () => {
  const code = 'const A = t("a"); const B = { text: named("b", "c") }; const C = () => t("d"); class D { static E = t("e"); f = t("f"); g() { return t("g"); } }';
  expect(frozen(inTsx(code)).map((one) => one.words)).toEqual(['t("a")', 'named("b", "c")', 't("e")']);
});

it("reads no word when a file is imported", () => {
  expect(files.flatMap(frozen).map(({ where, words }) => `${where} ${words}`)).toEqual([]);
});

it("uses every message, and has every message that it uses", () => {
  const keys = Object.keys(catalogue);
  const { exact, prefixes, asked } = used(files);
  const unused = keys.filter((key) => !exact.has(key) && !prefixes.some((prefix) => key.startsWith(prefix)));
  expect(unused).toEqual([]);
  expect(asked.filter((key) => !(key in catalogue))).toEqual([]);
  expect(prefixes.filter((prefix) => !keys.some((key) => key.startsWith(prefix)))).toEqual([]);
});

it("gives every message the values that it names", () => {
  const wrong = files.flatMap(valuesGiven).filter(({ keys, values }) =>
    keys.some((key) => key in catalogue && argumentsOf(catalogue[key]!).join() !== values.join()),
  );
  expect(wrong).toEqual([]);
});

it("has each key in one area", () => {
  const all = Object.values(english).flatMap((area) => Object.keys(area));
  expect(all.filter((key, at) => all.indexOf(key) !== at)).toEqual([]);
});

const byPath = Object.fromEntries(files.map((file) => [file.fileName.replace(/\.tsx?$/, ""), file]));
const areaOf = new Map(Object.entries(english).flatMap(([area, messages]) => Object.keys(messages).map((key) => [key, area] as const)));

it("has each page bring the words that it says", () => {
  expect(lacking(byPath, "../app/main", areaOf, ["common", "frame", "metrics", "problems", "ui"])).toEqual([]);
});

it("notices a page that says another page's words", () => {
  const page = { "../app/main": inTsx('const load = () => import("../screens/A");'), "../screens/A": inTsx('import "../words/bag"; t("bag.add"); t("plan.script");') };
  expect(lacking(page, "../app/main", areaOf, [])).toEqual(["../screens/A: plan"]);
});

it("gives the buyers' pages their words", () => {
  const theirs = files.filter((file) => /\/(buyers|screens\/watch)\//.test(file.fileName));
  expect(theirs).not.toEqual([]);
  expect(used(theirs).asked.filter((key) => !buyers.has(key))).toEqual([]);
});

it("lists what a translation lacks", () => {
  const folders = import.meta.glob<Record<string, Record<string, string>>>(["./*/*.ts", "!./en/*"], { eager: true });
  const lacking: Record<string, string[]> = {};
  const unknown: string[] = [];
  for (const language of new Set(Object.keys(folders).map((path) => path.split("/")[1]!))) {
    const parts = Object.entries(folders).filter(([path]) => path.startsWith(`./${language}/`));
    const known = new Set(parts.flatMap(([, module]) => Object.values(module).flatMap((area) => Object.keys(area))));
    lacking[language] = Object.keys(catalogue).filter((key) => !known.has(key));
    unknown.push(...[...known].filter((key) => !(key in catalogue)).map((key) => `${language}: ${key}`));
  }
  for (const [language, keys] of Object.entries(lacking)) if (keys.length) console.warn(`${language} lacks ${keys.join(", ")}`);
  expect(unknown).toEqual([]);
});
