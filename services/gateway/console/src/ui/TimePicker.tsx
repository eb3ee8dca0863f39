import { parseTime } from "@internationalized/date";
import { DateInput, DateSegment, TimeField as AriaTimeField } from "react-aria-components";
import { FieldFrame } from "./Field";
import type { TimeFieldProps } from "./TimeField";

export function TimePicker({ value, onChange, isDisabled, problem, ...words }: TimeFieldProps) {
  return (
    <AriaTimeField
      className="field"
      value={value ? parseTime(value) : null}
      onChange={(next) => onChange(next ? next.toString().slice(0, 5) : "")}
      isDisabled={isDisabled}
      isInvalid={problem !== undefined}
      validationBehavior="aria"
      hourCycle={24}
      granularity="minute"
      shouldForceLeadingZeros
    >
      <FieldFrame {...words} problem={problem}>
        <div className="input input-frame">
          <DateInput className="date-input">{(segment) => <DateSegment segment={segment} className="date-segment" />}</DateInput>
        </div>
      </FieldFrame>
    </AriaTimeField>
  );
}
