// The messages that this page has. The entries take what each of their pages says (console.ts, buyers.ts); a page of the console
// imports the areas of its own from `src/words`, so that no page loads the words of another.
// English comes with the page; another language is a folder of the same areas and keys, and what it lacks stays English.

import type { MessageFormatElement } from "@formatjs/icu-messageformat-parser";
import { language, PSEUDO } from "./locale";

type Areas = typeof import("./en");
export type Key = { [Area in keyof Areas]: keyof Areas[Area] }[keyof Areas] & string;

/** A message as the build leaves it (icu.ts): text, or what ICU reads in it. */
export type Message = string | MessageFormatElement[];
export type Messages = Record<string, Message>;

export const catalogue: Messages = {};

const translations = import.meta.glob<Record<string, Messages>>(["./*/*.ts", "!./en/*"]);

/** Take these areas too, in the reader's language. */
export async function take(areas: Record<string, Record<string, string>>): Promise<void> {
  let taken: Messages = Object.assign({}, ...Object.values(areas));
  if (language === PSEUDO) taken = (await import("./pseudo")).pseudo(taken);
  else if (language !== "en")
    for (const area of Object.keys(areas)) Object.assign(taken, (await translations[`./${language}/${area}.ts`]?.())?.[area]);
  Object.assign(catalogue, taken);
}
