import { part } from "./part";
import { FieldFrame, type FieldWords } from "./Field";
import "./DateField.css";

export interface TimeFieldProps extends FieldWords {
  /** "18:00", or "" while it is not whole. */
  value: string;
  onChange: (value: string) => void;
  isDisabled?: boolean;
}

/** A time of the clocks, typed by its hour and its minute. It comes after the page, and its place is held meanwhile. */
export const TimeField = part<TimeFieldProps>(() => import("./TimePicker").then((file) => file.TimePicker), Held);

/** The field as it will stand, to be read but not yet written. */
function Held({ value, problem, ...words }: TimeFieldProps) {
  return (
    <div className="field" aria-busy="true">
      <FieldFrame {...words} problem={problem}>
        <div className="input input-frame"><div className="date-input">{value}</div></div>
      </FieldFrame>
    </div>
  );
}
