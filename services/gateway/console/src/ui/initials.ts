const segments = new Intl.Segmenter(undefined, { granularity: "grapheme" });
const HUES = 6;

const first = (word: string) => segments.segment(word)[Symbol.iterator]().next().value?.segment ?? "";

/** "Linen shirt" is "LS", "Aylin" is "A": what stands where there is no picture. */
export function initials(name: string): string {
  const words = name.split(/[\s\p{P}]+/u).filter(Boolean);
  return [words[0], words.length > 1 ? words.at(-1) : undefined].map((word) => first(word ?? "").toLocaleUpperCase()).join("");
}

/** One of six hues, always the same for a name. */
export function hue(name: string): number {
  let sum = 0;
  for (const letter of name) sum = (sum * 31 + letter.codePointAt(0)!) % 65_521;
  return (sum % HUES) + 1;
}
