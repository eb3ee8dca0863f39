import { Label, ProgressBar as AriaProgressBar } from "react-aria-components";
import "./ProgressBar.css";

interface Props {
  label: string;
  /** 0 to 100; without one nobody knows how long it will take. */
  value?: number;
  /** In place of the percentage, such as "120 of 300 rows". */
  text?: string;
}

export function ProgressBar({ label, value, text }: Props) {
  const known = value !== undefined;
  return (
    <AriaProgressBar className="progress" value={value ?? 0} isIndeterminate={!known} valueLabel={text}>
      {({ percentage, valueText }) => (
        <>
          <span className="progress-head">
            <Label>{label}</Label>
            {known && <span className="muted tabular">{valueText}</span>}
          </span>
          <svg className={known ? "progress-bar" : "progress-bar progress-unknown"} viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
            <rect width={known ? percentage : 30} height="4" />
          </svg>
        </>
      )}
    </AriaProgressBar>
  );
}
