import Keys from "lucide-react/icons/keyboard";
import { useEffect, useRef, useState } from "react";
import { t } from "../../i18n";
import { useStored } from "../../lib/stored";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { part } from "../../ui/part";
import { Skeleton } from "../../ui/Skeleton";
import type { KeysListProps } from "./KeysList";

interface Actions {
  search: () => void;
  add: () => void;
  write: () => void;
  board: () => void;
  needs: () => void;
  pin: (number: number) => void;
}

const KeysList = part<KeysListProps>(() => import("./KeysList").then((file) => file.KeysList), () => <Skeleton lines={12} />);
const isBoolean = (value: unknown): value is boolean => typeof value === "boolean";
const WRITES = "input, textarea, select, [contenteditable], [role=dialog] *, [role=listbox] *";

/** Keys that pin and lead to the parts of the room. They can be turned off: speech input types letters of its own. */
export function Shortcuts({ actions }: { actions: Actions }) {
  const [shown, setShown] = useState(false);
  const [on, setOn] = useStored("shortcuts", true, isBoolean);
  const current = useRef(actions);
  useEffect(() => void (current.current = actions));
  useEffect(() => {
    if (!on) return undefined;
    const pressed = (event: KeyboardEvent) => {
      const { target, key } = event;
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (target instanceof Element && target.matches(WRITES)) return;
      if (document.querySelector("[role=dialog], [role=alertdialog]")) return;
      const { search, add, write, board, needs, pin } = current.current;
      const known: Record<string, () => void> = { "?": () => setShown(true), "/": search, a: add, w: write, b: board, n: needs };
      const act = known[key.toLowerCase()] ?? (/^[1-9]$/.test(key) && !event.repeat ? () => pin(Number(key)) : undefined);
      if (!act) return;
      event.preventDefault();
      act();
    };
    // Before the list of products takes a letter for the beginning of a name.
    document.addEventListener("keydown", pressed, { capture: true });
    return () => document.removeEventListener("keydown", pressed, { capture: true });
  }, [on]);

  return (
    <>
      <Button kind="quiet" small aria-label={t("keys")} onPress={() => setShown(true)}>
        <Keys size={16} aria-hidden />
      </Button>
      <Dialog title={t("keys")} isOpen={shown} onClose={() => setShown(false)}>
        <KeysList on={on} onChange={setOn} />
      </Dialog>
    </>
  );
}
