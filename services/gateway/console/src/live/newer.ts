// Two answers about the same thing, one asked for and one told: which of them is newer.

import type { Board, Watch } from "../api/types";

/** A board's place: its facts first, then how far its signals go. */
const placeOf = ({ watermark }: Board) => [watermark?.position ?? 0, Date.parse(watermark?.signals_time || "") || 0] as const;

/** The newer of two boards; the one that came last when they are of one place. */
export function newerBoard(before: Board | undefined, next: Board): Board {
  if (!before || before.session.session_id !== next.session.session_id) return next;
  const [facts, signals] = placeOf(before);
  const [nextFacts, nextSignals] = placeOf(next);
  const older = nextFacts === facts ? nextSignals < signals : nextFacts < facts;
  return older ? before : next;
}

/** The newer of two looks into a room; every change of it gives its session another version. */
export const newerWatch = (before: Watch | undefined, next: Watch): Watch =>
  before && before.session.version > next.session.version ? before : next;
