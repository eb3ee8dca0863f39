// The rule for what people write, as the services have it (`showfloor.kernel.text`): what is refused there is told here
// before it is sent. Both pass one table of cases, tests/conformance/text/cases.json.

export interface TextRule {
  minimum: number;
  /** Characters as people see them: grapheme clusters. */
  maximum: number;
  /** A comment or a script: line breaks, tabs and controls of the writing direction are allowed. */
  lines?: boolean;
}

export type TextProblem = "empty" | "long" | "invisible" | "control" | "break" | "direction" | "broken" | "marks";

export const TITLE: TextRule = { minimum: 1, maximum: 120 };
export const COMMENT: TextRule = { minimum: 1, maximum: 500, lines: true };
export const SCRIPT: TextRule = { minimum: 0, maximum: 20_000, lines: true };
/** Of a person, an account, a connector. */
export const NAME: TextRule = { minimum: 1, maximum: 80 };
export const VIEWER_NAME: TextRule = { minimum: 0, maximum: 60 };

/** At most so many code points for each character that a text may have. */
const CODE_POINTS = 4;
const ENDS = /^[\t\n\r\p{Z}]+/u;
const SPACE = /^[\t\n\r\p{Z}]$/u;
const VISIBLE = /[^\p{Z}\p{Cc}\p{Cf}\p{DI}\u2800\u{1D159}]/u;
const BROKEN = /[\p{Cs}\p{Noncharacter_Code_Point}]/u;
const CONTROL = /[^\P{Cc}\t\n]/u;
const BREAK = /[\t\n\p{Zl}\p{Zp}]/u;
const DIRECTION = /[\u202A-\u202E\u2066-\u2069]/u;
const MARKS = /\p{M}{31}/u;

const segments = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** The text without white space at its ends. Unlike `trim` it leaves what is no white space to the services. */
export function trimmed(value: string): string {
  const text = value.replace(ENDS, "");
  let end = text.length;
  while (end > 0 && SPACE.test(text[end - 1] ?? "")) end--;
  return text.slice(0, end);
}

/** How many characters people see. */
export function length(value: string): number {
  let count = 0;
  for (const _ of segments.segment(value)) count++;
  return count;
}

/** The first `most` characters, as people see them. */
export function cut(value: string, most: number): string {
  if (value.length <= most) return value;
  let count = 0;
  for (const { index } of segments.segment(value)) if (count++ === most) return value.slice(0, index);
  return value;
}

/** The text as the services keep it, or why they refuse it. */
export function checked(value: string, rule: TextRule): { text: string } | { problem: TextProblem } {
  const given = rule.lines ? value.replaceAll("\r\n", "\n") : trimmed(value);
  const most = rule.maximum * CODE_POINTS;
  if (given.length > 8 * most + 64) return { problem: "long" };
  if (CONTROL.test(given)) return { problem: "control" };
  if (BROKEN.test(given)) return { problem: "broken" };
  if (!rule.lines && BREAK.test(given)) return { problem: "break" };
  if (!rule.lines && DIRECTION.test(given)) return { problem: "direction" };
  if (MARKS.test(given)) return { problem: "marks" };
  const text = given.normalize("NFC");
  if (text.length > rule.maximum && ([...text].length > most || length(text) > rule.maximum)) return { problem: "long" };
  if (rule.minimum && !text) return { problem: "empty" };
  if (rule.minimum && !VISIBLE.test(text)) return { problem: "invisible" };
  return { text };
}

/** Whether the services take the text. */
export function taken(value: string, rule: TextRule): boolean {
  return "text" in checked(rule.lines ? trimmed(value) : value, rule);
}

/** What to tell of a text while it is written; nothing of one that is empty so far. */
export function problemOf(value: string, rule: TextRule): TextProblem | null {
  const outcome = checked(rule.lines ? trimmed(value) : value, rule);
  return "problem" in outcome && outcome.problem !== "empty" ? outcome.problem : null;
}
