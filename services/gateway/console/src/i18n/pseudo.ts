// The pseudo-locale: every letter of a message accented, every message 40 % longer, placeholders as they are.

import type { MessageFormatElement } from "@formatjs/icu-messageformat-parser";
import type { Message, Messages } from "./catalogue";

const LITERAL = 0;
const PLAIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
const ACCENTED = "àƀçđéƒĝĥíĵķļɱñóþǫŕšťúṽŵẋýžÀɃÇĐÉƑĜĤÍĴĶĻṀÑÓÞǪŔŠŤÚṼŴẊÝŽ";
const accents = new Map([...PLAIN].map((letter, at) => [letter, [...ACCENTED][at]!]));

/** Words of a length that fills up, so that a line may still break. */
const FILLER = "óñé ťŵó ťĥŕéé ƒóúŕ ƒíṽé šíẋ šéṽéñ éíĝĥť ñíñé ťéñ ";
const LONGER = 0.4;

export function accented(text: string): string {
  return [...text].map((letter) => accents.get(letter) ?? letter).join("");
}

/** What makes a text of so many letters 40 % longer. */
function filler(letters: number): string {
  const missing = Math.ceil(letters * LONGER);
  return missing === 0 ? "" : ` ${FILLER.repeat(Math.ceil(missing / FILLER.length)).slice(0, missing).trim()}`;
}

function elements(all: MessageFormatElement[]): MessageFormatElement[] {
  return all.map((one) => {
    if (one.type === LITERAL) return { ...one, value: accented(one.value) };
    if (!("options" in one)) return one;
    const options = Object.entries(one.options).map(([name, { value }]) => [name, { value: lengthened(value) }]);
    return { ...one, options: Object.fromEntries(options) };
  });
}

function lengthened(all: MessageFormatElement[]): MessageFormatElement[] {
  const letters = all.reduce((sum, one) => sum + (one.type === LITERAL ? one.value.length : 0), 0);
  const more = filler(letters);
  return more ? [...elements(all), { type: LITERAL, value: more }] : elements(all);
}

const message = (one: Message): Message => (typeof one === "string" ? accented(one) + filler(one.length) : lengthened(one));

export const pseudo = (messages: Messages): Messages =>
  Object.fromEntries(Object.entries(messages).map(([key, one]) => [key, message(one)]));
