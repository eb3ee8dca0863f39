const EDGE = 2; // room for the stroke

/** The path of a series in a box, with gaps where a value is missing. A level series lies in the middle. */
export function line(values: readonly (number | null)[], wide: number, high: number): string {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return "";
  const low = Math.min(...known);
  const span = Math.max(...known) - low;
  const step = values.length > 1 ? (wide - 2 * EDGE) / (values.length - 1) : 0;
  const y = (value: number) => (span === 0 ? high / 2 : high - EDGE - ((value - low) / span) * (high - 2 * EDGE));
  return values
    .map((value, at) => (value === null ? "" : `${(values[at - 1] ?? null) === null ? "M" : "L"}${round(EDGE + at * step)} ${round(y(value))}`))
    .filter(Boolean)
    .join("");
}

const round = (value: number) => Math.round(value * 100) / 100;
