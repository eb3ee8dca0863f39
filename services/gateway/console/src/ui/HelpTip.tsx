import Mark from "lucide-react/icons/circle-question-mark";
import { type ReactNode, useState } from "react";
import { Button, TooltipTrigger, Tooltip } from "react-aria-components";
import "./HelpTip.css";

interface Props {
  /** What the button is called for a screen reader. */
  label: string;
  /** The explanation. */
  text: ReactNode;
  /** Stands in place of the question mark. */
  children?: ReactNode;
}

/** Explains what it stands beside: on hover, on focus and by touch. Escape or a touch elsewhere closes it. */
export function HelpTip({ label, text, children }: Props) {
  const [open, setOpen] = useState(false);
  return (
    <TooltipTrigger isOpen={open} onOpenChange={setOpen} delay={200} closeDelay={80} shouldCloseOnPress={false}>
      <Button className={children === undefined ? "help-tip help-tip-mark" : "help-tip"} aria-label={label} onPress={() => setOpen(true)}>
        {children ?? <Mark size={14} aria-hidden />}
      </Button>
      <Tooltip className="help-tip-text" offset={6}>{text}</Tooltip>
    </TooltipTrigger>
  );
}
