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
  const { second, heed } = useSecondClick(repeats);
  const [busy, run] = useBusy();
  const pending = isPending || busy;
  return (
    <AriaButton
      {...rest}
      {...heed}
      isPending={pending}
      onPress={(event) => !second.current && onPress && run(() => onPress(event))}
      className={`button button-${kind}${small ? " button-small" : ""} ${className}`.trimEnd()}
    >
      {pending ? <Loader className="button-busy" size={16} aria-hidden /> : icon}
      {children}
    </AriaButton>
  );
}

/** Knows the second click of a double click from a click that is meant; a form that it would send is not sent again. */
function useSecondClick(repeats: boolean) {
  const second = useRef(false);
  const count = (event: MouseEvent) => {
    second.current = !repeats && event.detail > 1;
    if (second.current && event.type === "click") event.preventDefault();
  };
  return { second, heed: { onMouseDownCapture: count, onClickCapture: count } };
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
