import CalendarMark from "lucide-react/icons/calendar";
import { date } from "../lib/format";
import { FieldFrame, type FieldWords } from "./Field";
import { part } from "./part";
import "./DateField.css";

export interface DateFieldProps extends FieldWords {
  /** "2026-11-30", or null. */
  value: string | null;
  onChange: (value: string | null) => void;
  earliest?: string;
  latest?: string;
  isDisabled?: boolean;
}

/** A day: typed, or picked from a calendar. It comes after the page, and its place is held meanwhile. */
export const DateField = part<DateFieldProps>(() => import("./DatePicker").then((file) => file.DatePicker), Held);

/** The field as it will stand, to be read but not yet written. */
function Held({ value, problem, ...words }: DateFieldProps) {
  return (
    <div className="field" aria-busy="true">
      <FieldFrame {...words} problem={problem}>
        <div className="input input-frame">
          <div className="date-input">{value && date(value)}</div>
          <span className="input-action"><CalendarMark size={15} aria-hidden /></span>
        </div>
      </FieldFrame>
    </div>
  );
}
