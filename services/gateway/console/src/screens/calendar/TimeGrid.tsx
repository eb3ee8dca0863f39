import { type KeyboardEvent, useEffect, useRef } from "react";
import { t } from "../../i18n";
import { dayIn, longDayIn, spanIn, timeIn, weekdayIn } from "../../lib/zones";
import type { ViewProps } from "./Calendar";
import { EntryBlock } from "./EntryBlock";
import { type Entry, hasOpenEnd, isMovable } from "./entries";
import { axisOf, beginOf, type Block, blocksOf, type Day, placeOf, type Slot } from "./times";
import { useCursor } from "./useCursor";
import { type Pending, usePending } from "./usePending";

const LOW = 1.7; // half hours: less has room for one line
const WIDER = 1.6; // columns: what stands side by side overlaps a little, so that names can be read
const ABOVE = 2; // half hours above what is scrolled to
const MORNING = 16; // half hours
const share = (part: number, of: number) => `${(100 * part) / of}%`;

/** Days side by side beside the hours of the clocks. */
export function TimeGrid(props: ViewProps) {
  const { days, zone, now, entries, onOpen, onNew, onMove, where, readOnly } = props;
  const axis = axisOf(days);
  const frame = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLDivElement>(null);
  const { pending, grab, pressed, isPress } = usePending({ days, axis, zone, canvas, readOnly, onMove });
  const dayAt = (id: string) => days.find((day) => day.id === id)!;
  const within = (day: Day, slot: Slot) => {
    const begin = beginOf(day, slot);
    return begin === undefined ? [] : entries.filter((one) => one.start < begin + 1_800_000 && one.end > begin);
  };
  const startAt = ({ day, line }: { day: string; line: number }) => beginOf(dayAt(day), axis[line]!) ?? dayAt(day).start;
  const { cursor, grid, onKeyDown } = useCursor(props, {
    lines: axis.length,
    onEnter: (at) => {
      const [first] = within(dayAt(at.day), axis[at.line]!);
      if (first) onOpen(first);
      else onNew(startAt(at));
    },
    onNew: (at) => onNew(startAt(at)),
  });
  useScrolled(frame, days, axis, now);
  const lineOf = (entry: Entry, day: Day) => Math.floor(placeOf(Math.max(entry.start, day.start), day, axis));

  return (
    <div className="cal-frame" ref={frame} style={{ "--days": days.length, "--lines": axis.length } as Record<string, number>}>
      <div ref={grid} role="grid" aria-label={t("calendar")} className="cal-grid">
        <Heads days={days} zone={zone} now={now} onDay={(day) => where.go({ view: "day", date: day.date })} />
        {axis.map((slot, line) => (
          <div key={`${slot.minute}${slot.again}`} role="row" className="cal-line">
            <div role="rowheader" className="cal-hour">{hourOf(slot)}</div>
            {days.map((day) => {
              const begin = beginOf(day, slot);
              const isCursor = cursor.day === day.id && cursor.line === line;
              return (
                <div
                  key={day.id} role="gridcell" data-cell={`${day.id}/${line}`} tabIndex={isCursor ? 0 : -1}
                  className={begin === undefined ? "cal-cell cal-none" : begin < now ? "cal-cell cal-past" : "cal-cell"}
                  aria-label={cellName(day, begin, zone, within(day, slot))}
                  onKeyDown={(event) => onKeyDown(event, { day: day.id, line })}
                  onClick={() => begin !== undefined && onNew(begin)}
                />
              );
            })}
          </div>
        ))}
      </div>
      <div className="cal-over" ref={canvas}>
        {days.map((day) => (
          <DayColumn
            key={day.id} {...props} day={day} axis={axis} pending={pending}
            onGrab={grab}
            onOpen={(entry) => isPress() && onOpen(entry)}
            onKey={(entry, event) => pressed(entry, event) || (event.key !== "Enter" && onKeyDown(event, { day: day.id, line: lineOf(entry, day) }))}
          />
        ))}
      </div>
      <p className="visually-hidden" role="status">{pending ? t("calendar.moving", { time: spanIn(pending.start, pending.end, zone) }) : ""}</p>
    </div>
  );
}

const two = (value: number) => String(value).padStart(2, "0");

/** "02:00", and what stands beside the second one. */
function hourOf({ minute, again }: Slot): string {
  if (minute % 60) return "";
  const time = `${two(minute / 60)}:00`;
  return again ? t("calendar.again", { time }) : time;
}

function cellName(day: Day, begin: number | undefined, zone: string, there: readonly Entry[]): string {
  const name = longDayIn(day.start, zone);
  if (begin === undefined) return t("calendar.no-time", { day: name });
  return [`${name}, ${timeIn(begin, zone)}`, ...there.map((one) => one.title)].join(", ");
}

/** Where somebody begins to read: a little above now, or above what is first. */
function useScrolled(frame: { current: HTMLElement | null }, days: readonly Day[], axis: readonly Slot[], now: number): void {
  const first = days[0]!.id;
  const scrolled = useRef("");
  useEffect(() => {
    const key = `${first}/${days.length}`;
    if (scrolled.current === key || !frame.current) return;
    scrolled.current = key;
    const today = days.find((day) => day.start <= now && day.end > now);
    const top = today ? placeOf(now, today, axis) - ABOVE : MORNING;
    const { scrollHeight } = frame.current;
    frame.current.scrollTop = (Math.max(0, top) / axis.length) * scrollHeight;
  }, [frame, first, days, axis, now]);
}

interface HeadsProps {
  days: readonly Day[];
  zone: string;
  now: number;
  onDay: (day: Day) => void;
}

function Heads({ days, zone, now, onDay }: HeadsProps) {
  return (
    <div role="row" className="cal-line cal-heads">
      <div role="columnheader" className="cal-hour"><span className="visually-hidden">{t("calendar.hour")}</span></div>
      {days.map((day) => {
        const isToday = day.start <= now && day.end > now;
        return (
          <div key={day.id} role="columnheader" className={isToday ? "cal-head cal-today" : "cal-head"} aria-current={isToday ? "date" : undefined}>
            <button type="button" className="cal-head-button" onClick={() => onDay(day)}>
              <span className="cal-weekday" aria-hidden="true">{weekdayIn(day.start, zone)}</span>
              <span className="cal-number" aria-hidden="true">{day.date.day}</span>
              <span className="visually-hidden">{longDayIn(day.start, zone)}</span>
            </button>
            {day.begins.size !== 48 && <span className="cal-changes small" title={t("calendar.changes")}>{t("calendar.hours", { n: day.begins.size / 2 })}</span>}
          </div>
        );
      })}
    </div>
  );
}

interface ColumnProps extends ViewProps {
  day: Day;
  axis: readonly Slot[];
  pending: Pending | undefined;
  onGrab: ReturnType<typeof usePending>["grab"];
  onKey: (entry: Entry, event: KeyboardEvent) => void;
}

/** What falls on a day, over its hours. */
function DayColumn({ day, axis, zone, now, entries, looks, readOnly, pending, onOpen, onGrab, onKey }: ColumnProps) {
  const blocks = blocksOf(entries, day, axis);
  const ghosts = pending ? blocksOf([pending], day, axis) : [];
  const isToday = day.start <= now && day.end > now;
  const at = (block: Block<unknown>) => ({
    insetBlockStart: share(block.top, axis.length), blockSize: share(block.height, axis.length),
    insetInlineStart: share(block.column, block.columns), inlineSize: share(Math.min(WIDER, block.columns - block.column), block.columns),
  });
  return (
    <div className="cal-column">
      <ul aria-label={dayIn(day.start, zone)}>
        {blocks.map((block) => (
          <EntryBlock
            key={block.of.id} entry={block.of} zone={zone} look={looks(block.of.account)} brief={block.height < LOW} style={at(block)}
            onOpen={() => onOpen(block.of)}
            onPointerDown={isMovable(block.of) ? onGrab(block.of, "all") : undefined}
            onKeyDown={(event) => onKey(block.of, event)}
          >
            <OnAir entry={block.of} block={block} day={day} axis={axis} />
            {!readOnly && hasOpenEnd(block.of) && block.of.end <= day.end && <span className="cal-end" onPointerDown={onGrab(block.of, "end")} />}
          </EntryBlock>
        ))}
      </ul>
      {ghosts.map((block) => (
        <div key={block.top} className="cal-ghost" style={at(block)} aria-hidden="true">{spanIn(block.of.start, block.of.end, zone)}</div>
      ))}
      {isToday && <div className="cal-now" style={{ insetBlockStart: share(placeOf(now, day, axis), axis.length) }} aria-hidden="true" />}
    </div>
  );
}

/** When the sessions of an event were on air, at the edge of its block. */
function OnAir({ entry, block, day, axis }: { entry: Entry; block: Block<Entry>; day: Day; axis: readonly Slot[] }) {
  return entry.onAir.map((span) => {
    const from = Math.max(block.top, placeOf(Math.max(span.start, day.start), day, axis));
    const until = Math.min(block.top + block.height, placeOf(Math.min(span.end, day.end), day, axis));
    if (span.start >= day.end || span.end <= day.start || until <= from) return null;
    const style = { insetBlockStart: share(from - block.top, block.height), blockSize: share(until - from, block.height) };
    return <span key={span.start} className="cal-on-air" style={style} aria-hidden="true" />;
  });
}
