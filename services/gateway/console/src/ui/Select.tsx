import Chevron from "lucide-react/icons/chevron-down";
import { useId, useRef, useState } from "react";
import { Button, type ButtonProps } from "react-aria-components";
import { useWanted } from "../lib/later";
import type { Choice } from "./Choice";
import type { FieldWords } from "./Field";
import { over } from "./over";
import type { ListWindowProps } from "./overlays";
import "./Field.css";
import "./Options.css";
import "./Select.css";

interface Props<T extends string> extends FieldWords {
  value: T;
  choices: readonly Choice<T>[];
  onChange: (value: T) => void;
  isDisabled?: boolean;
}

const List = over<ListWindowProps>(() => import("./overlays").then((file) => file.ListWindow));

/** One of several things. The arrows aside and a first letter choose another at once; a press or the arrow down opens the list. */
export function Select<T extends string>({ value, choices, onChange, isDisabled, label, hideLabel = false, hint, problem }: Props<T>) {
  const [open, setOpen] = useState(false);
  const anchor = useRef<HTMLButtonElement>(null);
  const wanted = useWanted(open, List);
  const id = useId();
  const said = problem ?? hint;
  const keys = keysOf(value, choices, onChange, () => setOpen(true));
  return (
    <div className="field">
      <span id={`${id}-label`} className={hideLabel ? "visually-hidden" : "label"} onClick={() => anchor.current?.focus()}>{label}</span>
      <Button
        ref={anchor}
        className="input select-button"
        isDisabled={isDisabled}
        aria-haspopup="listbox"
        aria-expanded={open}
        aria-labelledby={`${id}-value ${id}-label`}
        aria-describedby={said === undefined ? undefined : `${id}-said`}
        onPress={() => setOpen(true)}
        onKeyDown={keys}
        data-invalid={problem === undefined ? undefined : true}
      >
        <span id={`${id}-value`} className="select-value">{choices.find((one) => one.id === value)?.text}</span>
        <Chevron size={16} aria-hidden />
      </Button>
      {said !== undefined && <span id={`${id}-said`} className={problem ? "field-problem" : "field-hint"}>{said}</span>}
      {wanted && (
        <List label={label} anchor={anchor} isOpen={open} onClose={() => setOpen(false)} choices={choices} value={value} onChange={(next) => onChange(next as T)} />
      )}
    </div>
  );
}

/** What the keyboard does while the list is closed. */
function keysOf<T extends string>(value: T, choices: readonly Choice<T>[], onChange: (value: T) => void, open: () => void): ButtonProps["onKeyDown"] {
  const possible = choices.filter((one) => !one.isDisabled);
  const at = possible.findIndex((one) => one.id === value);
  const steps: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1 };
  return (event) => {
    const step = steps[event.key];
    if (event.key === "ArrowDown" || event.key === "ArrowUp") open();
    else if (step && possible[at + step]) onChange(possible[at + step]!.id);
    else if (!isLetter(event)) return event.continuePropagation();
    else {
      const next = [...possible.slice(at + 1), ...possible.slice(0, at + 1)].find((one) => one.text.toLowerCase().startsWith(event.key.toLowerCase()));
      if (!next) return event.continuePropagation();
      onChange(next.id);
    }
    event.preventDefault();
  };
}

const isLetter = ({ key, ctrlKey, metaKey, altKey }: { key: string; ctrlKey: boolean; metaKey: boolean; altKey: boolean }) =>
  [...key].length === 1 && key !== " " && !ctrlKey && !metaKey && !altKey;
