import { type CalendarDate, parseDate } from "@internationalized/date";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { openingPlace } from "./opening";
import type { ViewProps } from "./Calendar";

export interface Cursor {
  day: string;
  /** Which line of the day; a month has one line. */
  line: number;
}

interface Ways {
  lines: number;
  /** So many days up and down where a line is a week; 0 where the lines are those of a day. */
  week?: number;
  onEnter: (cursor: Cursor) => void;
  onNew: (cursor: Cursor) => void;
}

const PAGE = { PageUp: -1, PageDown: 1 };

/** One cell has the focus; the arrows take it to the next, also beyond what is shown. */
export function useCursor({ days, where, now, zone }: ViewProps, { lines, week = 0, onEnter, onNew }: Ways) {
  const [cursor, setCursor] = useState<Cursor>(() => openingPlace(days, where.date, now, zone, lines));
  const grid = useRef<HTMLDivElement>(null);
  const wanted = useRef(false);
  const shown = days.some((day) => day.id === cursor.day);
  // The page was turned: the place is where it leads.
  const holds = shown ? cursor : openingPlace(days, where.date, now, zone, lines);
  useEffect(() => {
    if (!wanted.current) return;
    const cell = grid.current?.querySelector<HTMLElement>(`[data-cell="${holds.day}/${holds.line}"]`);
    if (!cell) return;
    wanted.current = false;
    cell.focus();
  });
  const go = (date: CalendarDate, line: number) => {
    wanted.current = true;
    setCursor({ day: date.toString(), line: Math.min(lines - 1, Math.max(0, line)) });
    if (!days.some((day) => day.id === date.toString())) where.go({ date });
  };
  const stepFrom = (from: Cursor, key: string, rtl: boolean): boolean => {
    const date = parseDate(from.day);
    const aside = { ArrowLeft: rtl ? 1 : -1, ArrowRight: rtl ? -1 : 1 }[key];
    const along = { ArrowUp: -1, ArrowDown: 1 }[key];
    const page = PAGE[key as keyof typeof PAGE];
    if (aside) go(date.add({ days: aside }), from.line);
    else if (along && week) go(date.add({ days: along * week }), 0);
    else if (along) go(date, from.line + along);
    else if (page) go(date.add({ [`${where.view}s`]: page }), from.line);
    else if (key === "Home") go(parseDate(days[0]!.id), from.line);
    else if (key === "End") go(parseDate(days.at(-1)!.id), from.line);
    else return false;
    return true;
  };
  const onKeyDown = (event: KeyboardEvent, from: Cursor = holds) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const rtl = document.documentElement.dir === "rtl";
    if (event.key === "Enter" && event.target === event.currentTarget) onEnter(from);
    else if (event.key.toLowerCase() === "n") onNew(from);
    else if (!stepFrom(from, event.key, rtl)) return;
    event.preventDefault();
  };
  return { cursor: holds, grid, onKeyDown };
}
