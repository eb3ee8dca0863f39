import { type FocusEvent, type KeyboardEvent, type ReactNode, useRef, useState } from "react";
import { Button } from "../../ui/Button";

interface Props<T> {
  /** What is edited, of what, and its value: read out. */
  label: string;
  value: T;
  shown: ReactNode;
  isDisabled?: boolean;
  /** The field; it calls `onChange` with what is written. */
  field: (value: T, onChange: (value: T) => void) => ReactNode;
  /** Whether it may be kept; else the field says why not. */
  allows?: (value: T) => boolean;
  onSave: (value: T) => void;
}

/** A value in a table that becomes a field when it is pressed. Enter and leaving it keep it, Escape does not. */
export function EditCell<T>({ label, value, shown, isDisabled, field, allows, onSave }: Props<T>) {
  const [draft, setDraft] = useState<{ value: T } | null>(null);
  const written = useRef(value);
  const [back, setBack] = useState(false);

  const write = (next: T) => {
    written.current = next;
    setDraft({ value: next });
  };
  const close = (keep: boolean, focus: boolean) => {
    if (!draft) return;
    const wanted = written.current;
    if (keep && allows && !allows(wanted)) return;
    setBack(focus);
    setDraft(null);
    if (keep) onSave(wanted);
  };
  const heard = (event: KeyboardEvent) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    close(false, true);
  };
  const left = ({ currentTarget, relatedTarget }: FocusEvent<HTMLFormElement>) => {
    if (!currentTarget.contains(relatedTarget)) close(true, false);
  };

  if (!draft) {
    return (
      <Button
        kind="quiet"
        small
        className="edit-cell"
        aria-label={label}
        isDisabled={isDisabled}
        autoFocus={back}
        onPress={() => write(value)}
      >
        {shown}
      </Button>
    );
  }
  return (
    <form
      className="edit-field"
      onKeyDownCapture={heard}
      onBlur={left}
      onSubmit={(event) => {
        event.preventDefault();
        close(true, true);
      }}
    >
      {field(draft.value, write)}
    </form>
  );
}
