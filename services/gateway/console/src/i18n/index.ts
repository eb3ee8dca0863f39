// What every screen uses: the text of a key, in the reader's language, by ICU MessageFormat.

import { IntlMessageFormat } from "intl-messageformat";
import { catalogue, type Key } from "./catalogue";
import { regional } from "./locale";

type Values = Record<string, string | number>;

const formats = new Map<string, IntlMessageFormat>();

/** The text of a key, with the given values in it. */
export function t(key: Key, values?: Values): string {
  const message = catalogue[key] ?? key;
  if (typeof message === "string") return message;
  let format = formats.get(key);
  if (!format) formats.set(key, (format = new IntlMessageFormat(message, regional)));
  return String(format.format(values));
}

/** The text for a value that the server names, or `fallback` when the catalogue does not know it yet. */
export function named(prefix: string, name: string | undefined, fallback = name ?? ""): string {
  const key = `${prefix}.${name}`;
  return key in catalogue ? t(key as Key) : fallback;
}

export type { Key };
