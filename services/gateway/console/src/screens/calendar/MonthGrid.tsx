import type { KeyboardEvent, PointerEvent } from "react";
import { t } from "../../i18n";
import { longDayIn, weekdayIn } from "../../lib/zones";
import type { ViewProps } from "./Calendar";
import { EntryBlock } from "./EntryBlock";
import { isMovable, type Entry } from "./entries";
import { type Day, MINUTE, moved, STEP } from "./times";
import { useCursor } from "./useCursor";
import { useDayDrag } from "./useDayDrag";

const MOST = 3;
const WEEK = 7;
const EVENING = 18 * 60 * MINUTE;

/** Weeks below each other, a cell for each day. */
export function MonthGrid(props: ViewProps) {
  const { days, zone, now, entries, looks, where, readOnly, onOpen, onNew, onMove } = props;
  const dayAt = (id: string) => days.find((day) => day.id === id)!;
  const on = (day: Day) => entries.filter((one) => one.start < day.end && one.end > day.start);
  const { cursor, grid, onKeyDown } = useCursor(props, {
    lines: 1,
    week: WEEK,
    onEnter: ({ day }) => where.go({ view: "day", date: dayAt(day).date }),
    onNew: ({ day }) => onNew(Math.round((dayAt(day).start + EVENING) / STEP) * STEP),
  });
  const { over, grab, isPress } = useDayDrag((entry, days) => onMove(entry.event!, moved(entry, days, 0, zone)));
  const weeks = Array.from({ length: days.length / WEEK }, (_, at) => days.slice(WEEK * at, WEEK * (at + 1)));
  return (
    <div ref={grid} role="grid" aria-label={t("calendar")} className="cal-month">
      <div role="row" className="cal-week cal-month-heads">
        {weeks[0]!.map((day) => <div key={day.id} role="columnheader" className="cal-weekday">{weekdayIn(day.start, zone)}</div>)}
      </div>
      {weeks.map((week) => (
        <div key={week[0]!.id} role="row" className="cal-week">
          {week.map((day) => (
            <MonthDay
              key={day.id} day={day} zone={zone} entries={on(day)} looks={looks}
              state={[
                day.date.month !== where.date.month && "cal-beside", day.start <= now && day.end > now && "cal-today",
                day.end <= now && "cal-past", over === day.id && "cal-over-day",
              ]}
              isCursor={cursor.day === day.id}
              onKeyDown={(event) => onKeyDown(event, { day: day.id, line: 0 })}
              onDay={() => where.go({ view: "day", date: day.date })}
              onOpen={(entry) => isPress() && onOpen(entry)}
              onGrab={(entry) => (!readOnly && isMovable(entry) ? grab(entry, day.id) : undefined)}
            />
          ))}
        </div>
      ))}
    </div>
  );
}

interface DayProps {
  day: Day;
  zone: string;
  entries: readonly Entry[];
  looks: ViewProps["looks"];
  state: (string | false)[];
  isCursor: boolean;
  onKeyDown: (event: KeyboardEvent) => void;
  onDay: () => void;
  onOpen: (entry: Entry) => void;
  onGrab: (entry: Entry) => ((event: PointerEvent) => void) | undefined;
}

function MonthDay({ day, zone, entries, looks, state, isCursor, onKeyDown, onDay, onOpen, onGrab }: DayProps) {
  const shown = entries.length > MOST ? entries.slice(0, MOST - 1) : entries;
  const name = longDayIn(day.start, zone);
  return (
    <div
      role="gridcell" data-cell={`${day.id}/0`} data-day={day.id} tabIndex={isCursor ? 0 : -1} className={["cal-day", ...state].filter(Boolean).join(" ")}
      aria-current={state.includes("cal-today") ? "date" : undefined}
      onKeyDown={onKeyDown}
    >
      <button type="button" tabIndex={-1} className="cal-number" onClick={onDay}>
        <span aria-hidden="true">{day.date.day}</span>
        <span className="visually-hidden">{name}</span>
      </button>
      <ul aria-label={name}>
        {shown.map((entry) => (
          <EntryBlock key={entry.id} entry={entry} zone={zone} look={looks(entry.account)} brief onOpen={() => onOpen(entry)} onPointerDown={onGrab(entry)} />
        ))}
      </ul>
      {entries.length > shown.length && <button type="button" className="cal-more" onClick={onDay}>{t("calendar.more", { n: entries.length - shown.length })}</button>}
    </div>
  );
}
