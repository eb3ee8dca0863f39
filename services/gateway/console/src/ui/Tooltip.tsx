import type { ReactNode } from "react";
import { OverlayArrow, Tooltip as AriaTooltip } from "react-aria-components";
import "./Kbd.css";
import "./Tooltip.css";

/** Inside a `TooltipTrigger`: a few words about what is pointed at. For more, or on touch, use `HelpTip`. */
export function Tooltip({ children }: { children: ReactNode }) {
  return (
    <AriaTooltip className="tooltip" offset={8}>
      <OverlayArrow className="tooltip-arrow">
        <svg width="10" height="5" viewBox="0 0 10 5" aria-hidden="true">
          <path d="M0 0 5 5 10 0" />
        </svg>
      </OverlayArrow>
      {children}
    </AriaTooltip>
  );
}
