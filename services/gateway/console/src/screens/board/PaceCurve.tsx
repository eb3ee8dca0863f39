import type { UsualPoint } from "../../api/types";
import type { Point } from "./pace";

const WIDE = 320;
const HIGH = 56;
const AIR = 1.06;
/** How much of the usual curve is shown beyond now. */
const AHEAD = 1.35;

/** The course of this LIVE over the account's usual one, at the same elapsed time. An ornament: its numbers stand above it. */
export function PaceCurve({ own, usual, minutes }: { own: readonly Point[]; usual: readonly UsualPoint[]; minutes: number }) {
  const last = usual.at(-1)?.minutes ?? 0;
  // A trend's last minute may end after now.
  const reach = Math.max(minutes, own.at(-1)?.[0] ?? 0, Math.min(last, minutes * AHEAD + 5), 1);
  const shown = usual.filter((point) => point.minutes <= reach);
  const most = Math.max(1, ...own.map(([, value]) => value), ...shown.map((point) => point.upper_quartile)) * AIR;
  const at = (x: number, y: number) => `${((x / reach) * WIDE).toFixed(1)} ${(HIGH - (y / most) * HIGH).toFixed(1)}`;
  const path = (points: readonly Point[]) => points.map(([x, y], place) => `${place ? "L" : "M"}${at(x, y)}`).join("");
  const upper = shown.map((point) => [point.minutes, point.upper_quartile] as const);
  const lower = shown.map((point) => [point.minutes, point.lower_quartile] as const).reverse();
  return (
    <svg className="pace-curve" viewBox={`0 0 ${WIDE} ${HIGH}`} preserveAspectRatio="none" aria-hidden="true">
      {shown.length > 1 && <path className="pace-band" d={`${path([...upper, ...lower])}Z`} />}
      {shown.length > 1 && <path className="pace-usual" d={path(shown.map((point) => [point.minutes, point.median] as const))} />}
      {own.length > 1 && <path className="pace-own" d={path(own)} />}
    </svg>
  );
}
