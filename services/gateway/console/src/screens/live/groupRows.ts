import type { SessionRow } from "../../api/types";

/** The events of which a list has several sessions. */
export function sharedEvents(rows: readonly SessionRow[]): string[] {
  const ids = rows.flatMap(({ session }) => session.event_id || []);
  return [...new Set(ids.filter((id, at) => ids.indexOf(id) !== at))];
}

/** The rows with those of one event together, where its first one stands. */
export function together(rows: readonly SessionRow[]): SessionRow[] {
  const shared = new Set(sharedEvents(rows));
  const of = (row: SessionRow) => (row.session.event_id && shared.has(row.session.event_id) ? row.session.event_id : "");
  const seen = new Set<string>();
  return rows.flatMap((row) => {
    const event = of(row);
    if (!event) return [row];
    if (seen.has(event)) return [];
    seen.add(event);
    return rows.filter((other) => of(other) === event);
  });
}
