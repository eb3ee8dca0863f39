/** Case and accents do not matter: "ao dai" finds "Áo dài". */
const plain = (text: string) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLocaleLowerCase();

/** Whether each word that is looked for is in one of the texts. */
export function found(wanted: string, ...texts: (string | undefined)[]): boolean {
  const all = texts.map((text) => plain(text ?? "")).join("\n");
  return plain(wanted).split(/\s+/).every((word) => all.includes(word));
}
