import Loader from "lucide-react/icons/loader-circle";
import { type MouseEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { Button as AriaButton, type ButtonProps as AriaProps, type PressEvent } from "react-aria-components";
import "./Button.css";

export type ButtonKind = "primary" | "secondary" | "quiet" | "danger";

export interface ButtonProps extends Omit<AriaProps, "onPress" | "children" | "className"> {
  kind?: ButtonKind;
  small?: boolean;
  /** Stands before the words. */
  icon?: ReactNode;
  /** While what it returns is not settled, the button is busy. */
  onPress?: (event: PressEvent) => unknown;
  /** Each press of a quick series counts, as with "larger" or "move up". Otherwise a double click acts once. */
  repeats?: boolean;
  className?: string;
  children?: ReactNode;
}

export function Button({
  kind = "secondary", small = false, icon, onPress, repeats = false, isPending = false, className = "", children, ...rest
}: ButtonProps) {
  const { meant, heed } = useSecondClick(repeats);
  const [busy, run] = useBusy();
  const pending = isPending || busy;
  // Not as the part's own `isPending`: its announcer is a picture named by this button, and nameless once the button is gone.
  const waits = pending && { "aria-disabled": true, "data-busy": true, type: "button" as const };
  return (
    <AriaButton
      {...rest}
      {...heed}
      {...waits}
      onPress={(event) => meant(event) && !pending && onPress && run(() => onPress(event))}
      className={`button button-${kind}${small ? " button-small" : ""} ${className}`.trimEnd()}
    >
      {pending ? <Loader className="button-busy" size={16} aria-hidden /> : icon}
      {children}
    </AriaButton>
  );
}

const DOUBLE_MS = 400;

/** Tells the second click or tap of a double one from one that is meant; a form that it would send is not sent again. */
function useSecondClick(repeats: boolean) {
  const second = useRef(false);
  const tapped = useRef(-Infinity); // a finger's clicks are not counted by the browser
  const byTouch = useRef(false);
  const count = (event: MouseEvent) => {
    if (!byTouch.current || event.detail === 0) second.current = !repeats && event.detail > 1;
    if (second.current && event.type === "click") event.preventDefault();
  };
  const meant = ({ pointerType }: PressEvent) => {
    const touch = pointerType === "touch" || pointerType === "pen";
    if (touch) {
      second.current = !repeats && performance.now() - tapped.current < DOUBLE_MS;
      tapped.current = performance.now();
    } else if (byTouch.current || pointerType === "keyboard") second.current = false;
    byTouch.current = touch;
    return !second.current;
  };
  return { meant, heed: { onMouseDownCapture: count, onClickCapture: count } };
}

/** Tells whether what was started is still under way. */
function useBusy(): [boolean, (work: () => unknown) => void] {
  const [busy, setBusy] = useState(false);
  const here = useRef(true);
  useEffect(() => {
    here.current = true;
    return () => void (here.current = false);
  }, []);
  const run = (work: () => unknown) => {
    const done = work();
    if (!(done instanceof Promise)) return;
    setBusy(true);
    const settle = () => here.current && setBusy(false);
    done.then(settle, settle);
  };
  return [busy, run];
}
