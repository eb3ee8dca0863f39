import type { Trend } from "../../api/types";

const WIDTH = 96;
const HEIGHT = 26;
const LONGEST = 60;

/** The course of a number over the minutes that are over, as a line without scale: the board has the chart. Gaps stay gaps. */
export function Spark({ points = [] }: { points?: Trend["series"][number]["points"] | undefined }) {
  const values = points.slice(-LONGEST).map((point) => point.value ?? null);
  const known = values.filter((value) => value !== null);
  const most = Math.max(...known);
  const least = Math.min(0, ...known);
  const x = (place: number) => (place / Math.max(1, values.length - 1)) * (WIDTH - 2) + 1;
  const y = (value: number) => HEIGHT - 1 - ((value - least) / (most - least || 1)) * (HEIGHT - 3);
  const steps = values.map((value, place) =>
    value === null ? "" : `${values[place - 1] == null ? "M" : "L"}${x(place).toFixed(1)} ${y(value).toFixed(1)}`,
  );
  return (
    <svg className="spark" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} width={WIDTH} height={HEIGHT} aria-hidden="true">
      {known.length > 1 && <path d={steps.join("")} />}
    </svg>
  );
}
