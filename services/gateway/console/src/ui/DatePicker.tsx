import { type CalendarDate, parseDate } from "@internationalized/date";
import CalendarMark from "lucide-react/icons/calendar";
import Left from "lucide-react/icons/chevron-left";
import Right from "lucide-react/icons/chevron-right";
import {
  Button, Calendar, CalendarCell, CalendarGrid, CalendarGridBody, CalendarGridHeader, CalendarHeaderCell, DateInput, DatePicker as AriaDatePicker, DateSegment,
  Dialog, Group, Heading, Popover,
} from "react-aria-components";
import type { DateFieldProps } from "./DateField";
import { FieldFrame } from "./Field";
import "./Options.css";

const read = (value: string | null | undefined): CalendarDate | null => (value ? parseDate(value) : null);

export function DatePicker({ value, onChange, earliest, latest, isDisabled, problem, ...words }: DateFieldProps) {
  return (
    <AriaDatePicker
      className="field"
      value={read(value)}
      onChange={(next) => onChange(next ? next.toString() : null)}
      minValue={read(earliest)}
      maxValue={read(latest)}
      isDisabled={isDisabled}
      isInvalid={problem !== undefined}
      validationBehavior="aria"
      shouldForceLeadingZeros
    >
      <FieldFrame {...words} problem={problem}>
        <Group className="input input-frame">
          <DateInput className="date-input">{(segment) => <DateSegment segment={segment} className="date-segment" />}</DateInput>
          <Button className="input-action"><CalendarMark size={15} aria-hidden /></Button>
        </Group>
      </FieldFrame>
      <Popover className="popover">
        <Dialog className="calendar">
          <Calendar>
            <header className="calendar-head">
              <Button slot="previous" className="input-action"><Left size={16} aria-hidden /></Button>
              <Heading />
              <Button slot="next" className="input-action"><Right size={16} aria-hidden /></Button>
            </header>
            <CalendarGrid>
              <CalendarGridHeader>{(day) => <CalendarHeaderCell className="calendar-day">{day}</CalendarHeaderCell>}</CalendarGridHeader>
              <CalendarGridBody>{(date) => <CalendarCell date={date} className="calendar-date" />}</CalendarGridBody>
            </CalendarGrid>
          </Calendar>
        </Dialog>
      </Popover>
    </AriaDatePicker>
  );
}
