import Earlier from "lucide-react/icons/chevron-left";
import Later from "lucide-react/icons/chevron-right";
import In from "lucide-react/icons/zoom-in";
import Out from "lucide-react/icons/zoom-out";
import { t } from "../../i18n";
import { minute } from "../../lib/format";
import { Button } from "../../ui/Button";
import { IconButton } from "../../ui/IconButton";
import { Select } from "../../ui/Select";
import { type Bounds, type Interval, LAST_MINUTES, resolve, shift, WHOLE, zoom } from "./interval";

interface Props {
  interval: Interval;
  span: Bounds;
  onChange: (interval: Interval) => void;
}

/** Which part of the session every panel shows, by buttons. */
export function RangeTools({ interval, span, onChange }: Props) {
  const shown = resolve(interval, span);
  const value = interval.kind === "last" ? String(interval.minutes) : interval.kind;
  const choices = [
    { id: "whole", text: t("interval.whole") },
    ...LAST_MINUTES.map((minutes) => ({ id: String(minutes), text: t("interval.last", { n: minutes }) })),
  ];
  if (interval.kind === "range") choices.push({ id: "range", text: rangeText(shown) });
  const choose = (id: string) => {
    if (id !== "range") onChange(id === "whole" ? WHOLE : { kind: "last", minutes: Number(id) });
  };
  return (
    <div className="range-tools">
      <span className="range-steps">
        <IconButton small repeats label={t("interval.earlier")} icon={<Earlier size={16} />} isDisabled={shown.start <= span.start} onPress={() => onChange(shift(interval, span, -0.5))} />
        <IconButton small repeats label={t("interval.in")} icon={<In size={16} />} onPress={() => onChange(zoom(interval, span, 0.5))} />
        <IconButton small repeats label={t("interval.out")} icon={<Out size={16} />} isDisabled={interval.kind === "whole"} onPress={() => onChange(zoom(interval, span, 2))} />
        <IconButton small repeats label={t("interval.later")} icon={<Later size={16} />} isDisabled={shown.end >= span.end} onPress={() => onChange(shift(interval, span, 0.5))} />
      </span>
      <Select label={t("interval")} hideLabel value={value} choices={choices} onChange={choose} />
      {interval.kind !== "whole" && <Button small kind="quiet" onPress={() => onChange(WHOLE)}>{t("interval.reset")}</Button>}
    </div>
  );
}

export const rangeText = ({ start, end }: Bounds) => `${minute(start)} – ${minute(end)}`;
