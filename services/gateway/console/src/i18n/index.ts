import { en, type Key } from "./en";

type Values = Record<string, string | number>;

/** The text of a key, with `{name}` replaced by the given values. */
export function t(key: Key, values: Values = {}): string {
  return en[key].replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

/** The text for a value that the server names, or `fallback` when the catalogue does not know it yet. */
export function named(prefix: string, name: string | undefined, fallback = name ?? ""): string {
  const key = `${prefix}.${name}`;
  return key in en ? en[key as Key] : fallback;
}

/** One or many: reads `<key>.one` or `<key>.other`. */
export function plural(key: string, n: number, shown: string = String(n)): string {
  const form = new Intl.PluralRules("en").select(n) === "one" ? "one" : "other";
  return t(`${key}.${form}` as Key, { n: shown });
}

export type { Key };
