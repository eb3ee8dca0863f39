import { Link } from "@tanstack/react-router";
import Ready from "lucide-react/icons/circle-check";
import Clock from "lucide-react/icons/clock";
import { useEvent } from "../../../api/events";
import { useOnAir } from "../../../api/queries";
import type { Session } from "../../../api/types";
import { t } from "../../../i18n";
import { duration, minute, moment } from "../../../lib/format";
import { useNow } from "../../../lib/now";
import { leftUntil, type Start, startOf } from "./start";

/** How a session stands to the time of its event; undefined for one that belongs to none, and for one that is on air or over. */
export function useStart(session: Session): Start | undefined {
  const { event_id: id = "", not_before_time: time, state } = session;
  const waits = id !== "" && Boolean(time) && (state === "prepared" || state === "practice");
  const event = useEvent(id, waits).data;
  const now = useNow(waits);
  return waits ? startOf(Date.parse(time!), event, now) : undefined;
}

/** Over the screen of a LIVE that belongs to an event: how long until it starts, and what is ready for it. */
export function StartWindow({ session, start }: { session: Session; start: Start }) {
  const { phase } = start;
  const now = useNow();
  const other = (useOnAir().data?.sessions ?? []).find((row) => row.session.account_id === session.account_id && row.session.session_id !== session.session_id)?.session;
  if (other && phase !== "before")
    return (
      <div className="screen-start" role="status">
        <strong>{t("start.other", { title: other.title })}</strong>
        <Link to="/live/$sessionId/air" params={{ sessionId: other.session_id }} className="screen-start-go">{t("start.other-go")}</Link>
      </div>
    );
  const Mark = phase === "ready" || phase === "again" ? Ready : Clock;
  return (
    <div className="screen-start">
      <p className="screen-start-head" role="status"><Mark size={18} aria-hidden /><strong>{headOf(start)}</strong></p>
      {(phase === "before" || phase === "setting-up") && <p className="screen-start-left tabular" role="timer">{countdown(start.start, now)}</p>}
      {phase === "before" && <p>{t("start.practise")}</p>}
      {phase !== "before" && phase !== "late" && <p>{t("start.loaded", { n: session.bag_size ?? 0 })}</p>}
    </div>
  );
}

function headOf({ phase, start, end }: Start): string {
  const until = end === undefined ? "" : minute(end);
  if (phase === "before") return t("start.before", { time: moment(new Date(start).toISOString()) });
  if (phase === "setting-up") return t("start.setting-up", { time: minute(start) });
  if (phase === "late") return t("start.late");
  if (phase === "again") return t("start.again", { time: until });
  return until ? t("start.ready-until", { time: until }) : t("start.ready");
}

/** "2 days 3:04:05". */
function countdown(moment: number, now: number): string {
  const { days, hours, minutes, seconds } = leftUntil(moment, now);
  return t("start.left", { days, time: duration(hours * 3600 + minutes * 60 + seconds) });
}
