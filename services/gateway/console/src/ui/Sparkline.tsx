import { line } from "./line";
import "./Sparkline.css";

interface Props {
  /** Oldest first; `null` leaves a gap. */
  values: readonly (number | null)[];
  /** What it shows; without one it is an ornament beside its number. */
  label?: string;
  series?: 1 | 2 | 3 | 4 | 5 | 6;
}

const WIDE = 120;
const HIGH = 32;

/** The shape of a series, without axes. */
export function Sparkline({ values, label, series = 1 }: Props) {
  const path = line(values, WIDE, HIGH);
  return (
    <svg
      className={`sparkline series-${series}`}
      viewBox={`0 0 ${WIDE} ${HIGH}`}
      preserveAspectRatio="none"
      role={label ? "img" : undefined}
      aria-label={label}
      aria-hidden={label ? undefined : true}
    >
      <path d={path} />
    </svg>
  );
}
