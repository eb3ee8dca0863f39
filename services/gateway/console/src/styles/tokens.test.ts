import { expect, test } from "vitest";
import css from "./tokens.css?raw";

const block = (selector: string) => css.slice(css.indexOf(`${selector} {`)).split("}")[0]!;
const read = (text: string) => new Map([...text.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map((one) => [one[1]!, one[2]!]));
const light = read(block(":root"));
const dark = new Map([...light, ...read(block(':root[data-theme="dark"]'))]);

function luminance(hex: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const part = parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

const SURFACES = ["ground", "surface", "surface-2", "surface-3", "raised"];
/** Text on what it may stand on. */
const TEXT: [string, string[]][] = [
  ["ink", [...SURFACES, "accent-soft", "good-soft", "warn-soft", "bad-soft", "info-soft", "live-soft"]],
  ["ink-2", SURFACES],
  ["invert-ink", ["invert"]],
  ["accent", ["ground", "surface", "surface-2", "raised"]],
  ["accent-ink", ["accent", "accent-hover", "accent-press"]],
  ["accent-soft-ink", ["accent-soft"]],
  ["bad-ink", ["bad", "bad-hover"]],
  ["live-ink", ["live"]],
  ["live-soft-ink", ["live-soft", "surface"]],
  ...["good", "warn", "bad", "info"].map((name): [string, string[]] => [name, [`${name}-soft`, "surface", "surface-2"]]),
];
/** Edges of controls, focus rings and lines of charts. */
const SHAPES: [string, string[]][] = [
  ["line-strong", ["surface", "ground", "raised"]],
  ["focus", ["surface", "ground", "raised"]],
  ...[1, 2, 3, 4, 5, 6].map((n): [string, string[]] => [`series-${n}`, ["surface"]]),
];

for (const [theme, colours] of [["light", light], ["dark", dark]] as const) {
  const low = (pairs: [string, string[]][], least: number) =>
    pairs.flatMap(([on, grounds]) =>
      grounds
        .map((ground) => ({ pair: `${on} on ${ground}`, ratio: contrast(colours.get(on)!, colours.get(ground)!) }))
        .filter(({ ratio }) => !(ratio >= least)),
    );
  test(`text is readable in ${theme}`, () => expect(low(TEXT, 4.5)).toEqual([]));
  test(`controls and charts are visible in ${theme}`, () => expect(low(SHAPES, 3)).toEqual([]));
}
