import { Problem } from "../../api/client";
import { type EventTime, type LiveEvent, useTimeCheck } from "../../api/events";
import { t } from "../../i18n";
import { zoneName } from "../../lib/format";
import { momentIn, spanIn } from "../../lib/zones";
import { Banner } from "../../ui/Banner";
import { Button } from "../../ui/Button";
import { DateField } from "../../ui/DateField";
import { Link } from "../../ui/Link";
import { problemText } from "../../ui/Notes";
import { NumberField } from "../../ui/NumberField";
import { RadioGroup } from "../../ui/RadioGroup";
import { TimeField } from "../../ui/TimeField";
import { isLength, type Plan, planOf, timeOf } from "./plan";
import { momentsAt } from "./times";
import { ZoneField } from "./ZoneField";

interface Props {
  plan: Plan;
  onChange: (part: Partial<Plan>) => void;
  /** Zones in which events were planned. */
  used?: readonly string[];
  /** It has begun: only its end may change. */
  begun?: boolean;
}

/** When, in which zone, and for how long. */
export function TimeFields({ plan, onChange, used = [], begun = false }: Props) {
  return (
    <>
      <div className="cal-fields">
        <DateField label={t("event.date")} value={plan.date} isDisabled={begun} onChange={(date) => onChange({ date, occurrence: "unspecified" })} />
        <TimeField label={t("event.time")} value={plan.time} isDisabled={begun} onChange={(time) => onChange({ time, occurrence: "unspecified" })} />
      </div>
      {!begun && <ZoneField bare={false} zone={plan.zone} used={used} onChange={(zone) => onChange({ zone, occurrence: "unspecified" })} />}
      <div className="cal-fields">
        <NumberField label={t("event.hours")} value={plan.hours} minValue={0} maxValue={13} onChange={(hours) => onChange({ hours })} />
        <NumberField label={t("event.minutes")} value={plan.minutes} minValue={0} maxValue={59} onChange={(minutes) => onChange({ minutes })} />
      </div>
      {!isLength(plan) && <p className="form-problem small" role="status">{t("event.length")}</p>}
    </>
  );
}

/** What the plan comes to: whether it can be saved, and what to say of it. */
export interface Checked {
  time: EventTime | undefined;
  fits: boolean;
  isFetching: boolean;
  span: { start: number; end: number } | undefined;
  overlapping: readonly LiveEvent[];
  problem: unknown;
}

export function useChecked(account: string, plan: Plan, eventId?: string): Checked {
  const time = timeOf(plan);
  const { data, error, isFetching } = useTimeCheck(account, time, eventId);
  const overlapping = data?.overlapping ?? [];
  return {
    time, isFetching, overlapping,
    problem: error,
    span: data && { start: Date.parse(data.start_time), end: Date.parse(data.end_time) },
    fits: time !== undefined && data !== undefined && overlapping.length === 0,
  };
}

const metadataOf = (error: unknown): Record<string, string> =>
  (error instanceof Problem ? (error.details["metadata"] as Record<string, string> | undefined) : undefined) ?? {};

interface CheckProps {
  plan: Plan;
  checked: Checked;
  onChange: (part: Partial<Plan>) => void;
  /** The other event is looked at instead. */
  onLeave: () => void;
}

/** What is known of a time before it is saved: when it is, and what is in its way. */
export function TimeCheck({ plan, checked: { span, overlapping, problem }, onChange, onLeave }: CheckProps) {
  const code = problem instanceof Problem ? problem.code : "";
  const about = metadataOf(problem);
  if (code === "NO_SUCH_LOCAL_TIME") {
    const next = Date.parse(about["next_time"] ?? "");
    return (
      <Banner
        tone="warn"
        title={t("event.no-such-time", { time: plan.time })}
        actions={!Number.isNaN(next) && <Button small onPress={() => onChange(wallTime(next, plan.zone))}>{t("event.take", { time: momentIn(next, plan.zone) })}</Button>}
      />
    );
  }
  const moments = plan.date && plan.time ? momentsAt(`${plan.date}T${plan.time}`, plan.zone) : [];
  const isAsked = code === "LOCAL_TIME_TWICE" && moments.length === 2;
  if (problem && !isAsked) return <p className="form-problem" role="alert">{problemText(problem)}</p>;
  return (
    <div className="cal-check" role="status">
      {moments.length === 2 && (
        <RadioGroup<EventTime["occurrence"]>
          label={t("event.twice")}
          value={plan.occurrence}
          onChange={(occurrence) => onChange({ occurrence })}
          choices={(["earlier", "later"] as const).map((id, at) => ({ id, text: momentIn(moments[at]!, plan.zone) }))}
        />
      )}
      {span && (
        <p className="cal-check-span">
          <strong>{spanIn(span.start, span.end, plan.zone)}</strong>
          {plan.zone !== zoneName() && <span className="muted small">{t("event.in-your-zone", { time: spanIn(span.start, span.end, zoneName()) })}</span>}
        </p>
      )}
      {overlapping.map((one) => <Overlap key={one.event_id} {...one} zone={plan.zone} onLeave={onLeave} />)}
    </div>
  );
}

/** A moment as the clocks show it, into the fields. */
function wallTime(moment: number, zone: string): Partial<Plan> {
  const { date, time, occurrence } = planOf({ start: moment, end: moment }, zone);
  return { date, time, occurrence };
}

interface OverlapProps {
  event_id: string;
  title: string;
  start_time: string;
  end_time: string;
  zone: string;
  onLeave: () => void;
}

/** Another event of the account is then: leads to it. */
function Overlap({ event_id, title, start_time, end_time, zone, onLeave }: OverlapProps) {
  return (
    <Banner
      tone="warn"
      title={t("event.overlaps", { title })}
      actions={<Link to="/live/calendar" search={{ event: event_id, day: start_time.slice(0, 10) }} look="button" small onClick={onLeave}>{t("event.look")}</Link>}
    >
      <p>{spanIn(Date.parse(start_time), Date.parse(end_time), zone)}</p>
      <p className="small">{t("event.overlaps-hint")}</p>
    </Banner>
  );
}

/** A refusal of what was sent: of a time that was taken meanwhile, the other event by its name. */
export function Refusal({ error, zone, onLeave }: { error: unknown; zone: string; onLeave: () => void }) {
  if (!error) return null;
  const about = metadataOf(error);
  if (error instanceof Problem && error.code === "EVENT_OVERLAPS" && about["event_id"])
    return <div role="alert"><Overlap {...(about as unknown as OverlapProps)} zone={zone} onLeave={onLeave} /></div>;
  return <p className="form-problem" role="alert">{problemText(error)}</p>;
}
