// The order of a set's products.

/** Before or after another product; as it was, when that one is gone. */
export function placed(ids: readonly string[], moved: string, target: string, after: boolean): string[] {
  const rest = ids.filter((id) => id !== moved);
  const place = rest.indexOf(target);
  return place < 0 || rest.length === ids.length ? [...ids] : rest.toSpliced(place + (after ? 1 : 0), 0, moved);
}

/** One place up (-1) or down (1). */
export function shifted(ids: readonly string[], moved: string, by: 1 | -1): string[] {
  const place = ids.indexOf(moved) + by;
  return place <= -1 || place >= ids.length || !ids.includes(moved) ? [...ids] : ids.filter((id) => id !== moved).toSpliced(place, 0, moved);
}

/** At the end, each once. */
export const joined = (ids: readonly string[], more: readonly string[]): string[] => [...new Set([...ids, ...more])];
