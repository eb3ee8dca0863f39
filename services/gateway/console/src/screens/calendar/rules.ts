import type { TextRule } from "../../lib/text";

/** What an event is about. */
export const DESCRIPTION: TextRule = { minimum: 0, maximum: 1000, lines: true };
/** Teaser videos of an event. */
export const MOST_TEASERS = 10;
const LONGEST_ADDRESS = 2000;

/** Whether the events service takes it as the address of a teaser. */
export function isTeaser(text: string): boolean {
  try {
    return text.length <= LONGEST_ADDRESS && new URL(text).protocol === "https:";
  } catch {
    return false;
  }
}
