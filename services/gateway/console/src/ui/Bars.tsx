import "./Bars.css";

export interface Bar {
  id: string;
  /** Short, below the bar. */
  name: string;
  value: number | null;
  /** Everything about it, for who points at it or hears it. */
  text: string;
  /** The one that the page is about. */
  here?: boolean;
}

/** So many names have room on a phone. */
const NAMES = 7;

interface Props {
  label: string;
  bars: readonly Bar[];
  /** The height of the highest, formatted. */
  most: string;
}

/** Values side by side, oldest first, from zero. A missing one leaves its place empty. */
export function Bars({ label, bars, most }: Props) {
  const highest = Math.max(0, ...bars.map((bar) => bar.value ?? 0));
  const step = Math.ceil(bars.length / NAMES);
  return (
    <div>
      <p className="bars-top" aria-hidden="true">{most}</p>
      <ol className="bars" aria-label={label}>
        {bars.map(({ id, name, value, text, here }, at) => (
          <li key={id} className={here ? "bars-here" : undefined} title={text}>
            <span className="bars-room" aria-hidden="true">
              <span
                className={value === null ? "bars-bar bars-none" : "bars-bar"}
                style={{ blockSize: `${highest > 0 && value !== null ? (value / highest) * 100 : 0}%` }}
              />
            </span>
            <span className="bars-name" aria-hidden="true">{(bars.length - 1 - at) % step === 0 ? name : ""}</span>
            <span className="visually-hidden">{text}</span>
          </li>
        ))}
      </ol>
    </div>
  );
}
