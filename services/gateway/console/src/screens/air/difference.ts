export interface Difference {
  /** Lines that only the older text has. */
  gone: string[];
  /** Lines that only the newer text has. */
  come: string[];
}

/** What changed between two texts, in lines: the same lines at both ends are left out. */
export function difference(older: string, newer: string): Difference {
  const before = older.split("\n");
  const after = newer.split("\n");
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before[start] === after[start]) start++;
  let end = 0;
  while (end < most - start && before.at(-1 - end) === after.at(-1 - end)) end++;
  return { gone: before.slice(start, before.length - end), come: after.slice(start, after.length - end) };
}
