import { type CalendarDate, parseDate } from "@internationalized/date";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useEvent } from "../../api/events";
import { useStored } from "../../lib/stored";
import { zoneName } from "../../lib/format";
import { isZone } from "../../lib/zones";
import { placeOf, type View } from "./place";
import { dateOf } from "./times";

export interface Where {
  view: View;
  date: CalendarDate;
  zone: string;
  event: string;
  /** A new event is being planned. */
  plan: boolean;
  go: (change: { view?: View; date?: CalendarDate; event?: string; plan?: false }) => void;
  setZone: (zone: string) => void;
}

const isKnown = (value: unknown): value is string => typeof value === "string" && (value === "" || isZone(value));

/** Where in time the calendar stands: kept in the address, the zone in the browser. */
export function usePlace(): Where {
  const search = placeOf(useSearch({ strict: false }));
  const navigate = useNavigate();
  const [chosen, setZone] = useStored("calendar-zone", "", isKnown);
  const zone = chosen || zoneName();
  const view = search.view ?? "week";
  // A link to an event leads to its day.
  const linked = useEvent(search.event ?? "", search.event !== undefined && search.day === undefined).data;
  const date = search.day ? parseDate(search.day) : dateOf(linked && !search.day ? Date.parse(linked.start_time) : Date.now(), zone);
  const go: Where["go"] = (change) =>
    void navigate({
      to: ".",
      search: ({ for: place }) => ({
        for: place,
        view: change.view ?? search.view,
        day: change.date?.toString() ?? search.day,
        event: "event" in change ? change.event || undefined : search.event,
        plan: "plan" in change ? undefined : search.plan,
      }),
      replace: true,
    });
  return { view, date, zone, event: search.event ?? "", plan: search.plan ?? false, go, setZone };
}
