// Which words each page brings, for the gate over them (src/i18n/gates.test.ts): read from the imports of the sources.

import ts from "typescript";
import { used } from "./sources";

const LATER = ts.SyntaxKind.ImportKeyword;

export interface Sources {
  /** By path without its ending, such as "../screens/home/Home". */
  [path: string]: ts.SourceFile;
}

function inFolder(from: string, to: string): string {
  const parts = from.split("/").slice(0, -1);
  for (const part of to.split("/"))
    if (part === "..") parts.at(-1) === ".." || parts.length === 0 ? parts.push(part) : parts.pop();
    else if (part !== ".") parts.push(part);
  return parts.join("/");
}

/** What a file imports: at once, and later. Types weigh nothing. */
function importsOf(path: string, file: ts.SourceFile): { now: string[]; later: string[] } {
  const now: string[] = [];
  const later: string[] = [];
  const take = (list: string[], node: ts.Node | undefined) =>
    node && ts.isStringLiteralLike(node) && node.text.startsWith(".") && list.push(inFolder(path, node.text));
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) && !node.importClause?.isTypeOnly) take(now, node.moduleSpecifier);
    else if (ts.isExportDeclaration(node) && !node.isTypeOnly) take(now, node.moduleSpecifier);
    else if (ts.isCallExpression(node) && node.expression.kind === LATER) take(later, node.arguments[0]);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return { now, later };
}

interface Loaded {
  now: string[];
  later: string[];
  /** The areas whose words it says. */
  said: Set<string>;
}

/** The words that files say without bringing them: each page with what it loads at once, and each later part with its page. */
export function lacking(sources: Sources, entry: string, areaOf: ReadonlyMap<string, string>, everywhere: readonly string[]): string[] {
  const read = Object.fromEntries(
    Object.entries(sources).map(([path, file]): [string, Loaded] => [path, { ...importsOf(path, file), said: areasOf(file, areaOf) }]),
  );
  const found = new Set<string>();
  const seen = new Set<string>();
  const follow = (path: string, brought: ReadonlySet<string>): void => {
    const files = whole(read, path);
    const imported = files.flatMap((one) => one.now).map((one) => /\/words\/(\w+)$/.exec(one)?.[1]);
    const words = new Set([...brought, ...imported.filter((area) => area !== undefined)]);
    const visit = `${path} ${[...words].sort().join()}`;
    if (seen.has(visit)) return;
    seen.add(visit);
    for (const { said } of files) for (const area of said) if (!words.has(area)) found.add(`${path}: ${area}`);
    for (const { later } of files) for (const part of later) if (part in read) follow(part, words);
  };
  follow(entry, new Set(everywhere));
  return [...found].sort();
}

/** A file with all that it loads at once. */
function whole(read: Record<string, Loaded>, path: string): Loaded[] {
  const known = new Map<string, Loaded>();
  const wanted = [path];
  for (let one = wanted.pop(); one !== undefined; one = wanted.pop()) {
    if (known.has(one) || !(one in read)) continue;
    known.set(one, read[one]!);
    wanted.push(...read[one]!.now);
  }
  return [...known.values()];
}

/** The areas whose words a file says. A plain word may be something else; as a name or a text it is a key. */
function areasOf(file: ts.SourceFile, areaOf: ReadonlyMap<string, string>): Set<string> {
  const { exact, prefixes, asked } = used([file]);
  const keys = [...asked, ...[...exact].filter((text) => text.includes(".")), ...namesOf(file)];
  for (const prefix of prefixes.filter((one) => one.length > 1)) keys.push(...[...areaOf.keys()].filter((key) => key.startsWith(prefix)));
  return new Set(keys.map((key) => areaOf.get(key)).filter((area) => area !== undefined));
}

function namesOf(file: ts.SourceFile): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isPropertyAssignment(node) && /^(name|text|label|title|hint)$/.test(node.name.getText(file)) && ts.isStringLiteralLike(node.initializer)) found.push(node.initializer.text);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}
