const SIGNS: Record<string, string> = { x: "×", "/": "/", "-": "−", "+": "+" };

/** A formula of the metric registry in the words that stand on the screen: "Product clicks / Product impressions". */
export function formulaText(formula: string, titleOf: (name: string) => string | undefined): string {
  const words = formula.split(" ").map((word) => SIGNS[word] ?? titleOf(word) ?? (/^\d+$/.test(word) ? word : null));
  // Prose, such as "count of paid orders": a metric's name in it is a word like any other.
  return words.includes(null) ? formula : words.join(" ");
}
