// The messages that this page has. An entry of the console takes the areas that its pages use: see console.ts, buyers.ts.
// English comes with the page; another language is a folder of the same areas and keys, and what it lacks stays English.

import type { MessageFormatElement } from "@formatjs/icu-messageformat-parser";
import { language, PSEUDO } from "./locale";

type Areas = typeof import("./en");
export type Key = { [Area in keyof Areas]: keyof Areas[Area] }[keyof Areas] & string;

/** A message as the build leaves it (icu.ts): text, or what ICU reads in it. */
export type Message = string | MessageFormatElement[];
export type Messages = Record<string, Message>;

export let catalogue: Messages = {};

const translations = import.meta.glob<Record<string, Messages>>(["./*/*.ts", "!./en/*"]);

/** Take these areas, in the reader's language. */
export async function take(areas: Record<string, Record<string, string>>): Promise<void> {
  catalogue = Object.assign({}, ...Object.values(areas));
  if (language === PSEUDO) catalogue = (await import("./pseudo")).pseudo(catalogue);
  else if (language !== "en")
    for (const area of Object.keys(areas)) Object.assign(catalogue, (await translations[`./${language}/${area}.ts`]?.())?.[area]);
}
