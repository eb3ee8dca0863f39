// Reads the messages of the catalogues when the console is built, so that no browser loads a parser: a message with
// placeholders becomes what ICU MessageFormat reads in it, any other stays text. A broken message fails the build.

import { parse } from "@formatjs/icu-messageformat-parser";
import ts from "typescript";
import type { Plugin } from "vite";

const WITHOUT = "@formatjs/icu-messageformat-parser/no-parser.js";
const CATALOGUE = /\/src\/i18n\/[\w-]+\/[\w-]+\.ts$/;

/** A message as the page gets it. Only braces and doubled apostrophes are more than text. */
export function compiled(text: string): unknown {
  return /[{}]|''/.test(text) ? parse(text, { ignoreTag: true, captureLocation: false }) : text;
}

/** A catalogue's code with its messages compiled. */
export function compile(code: string): string {
  const file = ts.createSourceFile("catalogue.ts", code, ts.ScriptTarget.Latest);
  let done = "";
  let from = 0;
  const visit = (node: ts.Node): void => {
    if (ts.isPropertyAssignment(node) && ts.isStringLiteralLike(node.initializer)) {
      const { text } = node.initializer;
      try {
        done += code.slice(from, node.initializer.getStart(file)) + JSON.stringify(compiled(text));
      } catch (error) {
        throw new Error(`${node.name.getText(file)}: ${(error as Error).message} in “${text}”`);
      }
      from = node.initializer.end;
    } else ts.forEachChild(node, visit);
  };
  visit(file);
  return done + code.slice(from);
}

export function icu(): Plugin {
  return {
    name: "icu",
    enforce: "pre",
    config: (_config, { command }) =>
      command === "build" ? { resolve: { alias: [{ find: /^@formatjs\/icu-messageformat-parser$/, replacement: WITHOUT }] } } : {},
    transform: (code, id) => (CATALOGUE.test(id) && !id.includes("?") ? { code: compile(code), map: null } : null),
  };
}
