import Plus from "lucide-react/icons/plus";
import { t } from "../../i18n";
import { longDayIn, timesIn } from "../../lib/zones";
import { IconButton } from "../../ui/IconButton";
import type { ViewProps } from "./Calendar";
import { MINUTE, STEP } from "./times";

const EVENING = 18 * 60 * MINUTE;

/** The days below each other, for a phone: of a month those that have something. */
export function DayList({ days, zone, now, entries, looks, where, readOnly, onOpen, onNew }: ViewProps) {
  const on = (day: ViewProps["days"][number]) => entries.filter((one) => one.start < day.end && one.end > day.start);
  const shown = where.view === "month" ? days.filter((day) => day.date.month === where.date.month && on(day).length > 0) : days;
  if (shown.length === 0) return <p className="muted cal-nothing">{t("calendar.none-month")}</p>;
  return (
    <div className="cal-list">
      {shown.map((day) => {
        const name = longDayIn(day.start, zone);
        const isToday = day.start <= now && day.end > now;
        const there = on(day);
        return (
          <section key={day.id} aria-label={name} className={isToday ? "cal-list-day cal-today" : "cal-list-day"}>
            <header className="cal-list-head">
              <h3>{name}{isToday && <span className="cal-list-today">{t("calendar.today")}</span>}</h3>
              {!readOnly && day.end > now && (
                <IconButton small label={t("calendar.new-on", { day: name })} icon={<Plus aria-hidden />} onPress={() => onNew(Math.round((day.start + EVENING) / STEP) * STEP)} />
              )}
            </header>
            {there.length === 0 && <p className="muted small">{t("calendar.none")}</p>}
            <ul>
              {there.map((entry) => {
                const look = looks(entry.account);
                return (
                  <li key={entry.id}>
                    <button type="button" data-entry={entry.id} className={`cal-row cal-colour-${look.colour} cal-is-${entry.stand}`} onClick={() => onOpen(entry)}>
                      <span className="cal-row-time">{timesIn(entry.start, entry.end, zone)}</span>
                      <strong>{entry.title}</strong>
                      <span className="small">{[t(`calendar.stand-${entry.stand}`), look.name].filter(Boolean).join(" · ")}</span>
                    </button>
                  </li>
                );
              })}
            </ul>
          </section>
        );
      })}
    </div>
  );
}
