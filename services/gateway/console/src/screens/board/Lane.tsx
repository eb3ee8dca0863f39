import { Button, TooltipTrigger } from "react-aria-components";
import { Tooltip } from "../../ui/Tooltip";
import { AXIS_PX, END_PX, type Span } from "./scale";

export interface LaneMark {
  id: string;
  text: string;
  /** In full, with its times. */
  label: string;
  from: number;
  until: number;
}

interface Props {
  name: string;
  /** What the list is called in full. */
  label: string;
  marks: readonly LaneMark[];
  span: Span;
  onPress: (mark: LaneMark) => void;
}

/** One kind of what happened, on the time of the charts below: a press shows the numbers of just that time. */
export function Lane({ name, label, marks, span, onPress }: Props) {
  const place = (time: number) => ((Math.min(Math.max(time, span.start), span.end) - span.start) / (span.end - span.start)) * 100;
  return (
    <div className="lane">
      <span className="lane-name" style={{ inlineSize: AXIS_PX }} aria-hidden="true">{name}</span>
      <ul className="lane-track" style={{ marginInlineEnd: END_PX }} aria-label={label}>
        {marks.map((one) => {
          const left = place(one.from);
          return (
            <li key={one.id} style={{ left: `${left}%`, width: `${Math.max(0, place(one.until) - left)}%` }}>
              <TooltipTrigger delay={150} closeDelay={50}>
                <Button className="lane-mark" aria-label={one.label} onPress={() => onPress(one)}>
                  <span aria-hidden="true">{one.text}</span>
                </Button>
                <Tooltip>{one.label}</Tooltip>
              </TooltipTrigger>
            </li>
          );
        })}
      </ul>
    </div>
  );
}
