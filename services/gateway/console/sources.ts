// What the gates over the messages (src/i18n/gates.test.ts) read in the sources, by TypeScript's own syntax tree.

import ts from "typescript";
import type { MessageFormatElement } from "@formatjs/icu-messageformat-parser";

/** Attributes and properties that a person reads or hears. */
const SAID = new Set(["aria-label", "aria-description", "aria-roledescription", "aria-valuetext", "title", "placeholder", "alt", "label", "about", "hint", "text"]);
/** The product's own name and kinds of files are the same in every language. */
const NAMES = /\b(Showfloor|CSV|JSON|HLS|WHEP|URL|QR|https)\b/g;

const hasWords = (text: string) => /\p{L}{2}/u.test(text.replace(NAMES, ""));

function everyNode(root: ts.Node, visit: (node: ts.Node) => unknown): void {
  visit(root);
  ts.forEachChild(root, (child) => everyNode(child, visit));
}

/** The texts that an expression may come to, without what stands in calls and comparisons; `made`: parts of templates too. */
function texts(node: ts.Node, made = true): string[] {
  if (ts.isStringLiteralLike(node)) return [node.text];
  if (ts.isTemplateExpression(node)) return !made ? [] : [node.head, ...node.templateSpans.map((span) => span.literal)].map((part) => part.text);
  if (ts.isConditionalExpression(node)) return [...texts(node.whenTrue, made), ...texts(node.whenFalse, made)];
  if (ts.isParenthesizedExpression(node) || ts.isJsxExpression(node) || ts.isAsExpression(node)) return node.expression ? texts(node.expression, made) : [];
  if (!ts.isBinaryExpression(node)) return [];
  const sign = node.operatorToken.kind;
  if (sign === ts.SyntaxKind.AmpersandAmpersandToken) return texts(node.right, made);
  const joins = [ts.SyntaxKind.PlusToken, ts.SyntaxKind.BarBarToken, ts.SyntaxKind.QuestionQuestionToken];
  return joins.includes(sign) ? [...texts(node.left, made), ...texts(node.right, made)] : [];
}

/** Words that a person would see although no catalogue holds them. */
export function spoken(file: ts.SourceFile): { where: string; words: string }[] {
  if (!file.fileName.endsWith(".tsx")) return [];
  const found: { where: string; words: string }[] = [];
  everyNode(file, (node) => {
    let said: string[] = [];
    if (ts.isJsxText(node)) said = [node.text];
    else if (ts.isJsxAttribute(node) && SAID.has(node.name.getText(file)) && node.initializer) said = texts(node.initializer);
    else if (ts.isJsxExpression(node) && !ts.isJsxAttribute(node.parent)) said = texts(node);
    const line = file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1;
    for (const words of said) if (hasWords(words)) found.push({ where: `${file.fileName}:${line}`, words: words.trim() });
  });
  return found;
}

const isCall = (node: ts.Node, name: string): node is ts.CallExpression =>
  ts.isCallExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === name;

/** Which messages the sources use: every text that is a key, and beginnings of keys that are made while running. */
export function used(files: ts.SourceFile[]): { exact: Set<string>; prefixes: string[]; asked: string[] } {
  const exact = new Set<string>();
  const prefixes = new Set<string>();
  const asked = new Set<string>();
  for (const file of files)
    everyNode(file, (node) => {
      if (ts.isStringLiteralLike(node)) exact.add(node.text);
      const key = isCall(node, "t") || isCall(node, "named") ? node.arguments[0] : undefined;
      if (!key) return;
      const named = isCall(node, "named") ? "." : "";
      everyNode(key, (part) => ts.isTemplateExpression(part) && prefixes.add(part.head.text));
      for (const text of texts(key, false)) (named ? prefixes : asked).add(text + named);
    });
  return { exact, prefixes: [...prefixes], asked: [...asked] };
}

/** For each call of `t` with a key that is written there: its keys and the names of the values given. */
export function valuesGiven(file: ts.SourceFile): { where: string; keys: string[]; values: string[] }[] {
  const calls: { where: string; keys: string[]; values: string[] }[] = [];
  everyNode(file, (node) => {
    if (!isCall(node, "t") || !node.arguments[0]) return;
    const [key, given] = node.arguments;
    if (given && !ts.isObjectLiteralExpression(given)) return;
    const values = (given?.properties ?? []).map((one) => one.name?.getText(file) ?? "").sort();
    const line = file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1;
    calls.push({ where: `${file.fileName}:${line}`, keys: texts(key!), values });
  });
  return calls;
}

/** Words that are read when a file is imported: they would keep the language of that moment. */
export function frozen(file: ts.SourceFile): { where: string; words: string }[] {
  const found: { where: string; words: string }[] = [];
  const visit = (node: ts.Node): void => {
    // What stands in a function is read when it is called, and a property of a class when one is made.
    if (ts.isFunctionLike(node) || (ts.isPropertyDeclaration(node) && !isStatic(node))) return;
    const line = file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1;
    if (isCall(node, "t") || isCall(node, "named")) found.push({ where: `${file.fileName}:${line}`, words: node.getText(file) });
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

const isStatic = (node: ts.PropertyDeclaration) => node.modifiers?.some((one) => one.kind === ts.SyntaxKind.StaticKeyword) ?? false;

/** The names of the values that a message as built takes. */
export function argumentsOf(message: string | MessageFormatElement[]): string[] {
  const names = new Set<string>();
  const read = (all: MessageFormatElement[]): void => {
    for (const one of all) {
      if ("value" in one && one.type !== LITERAL) names.add(one.value);
      if ("options" in one) for (const option of Object.values(one.options)) read(option.value);
    }
  };
  if (typeof message !== "string") read(message);
  return [...names].sort();
}

const LITERAL = 0;
