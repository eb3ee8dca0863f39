// Short messages about what was just done. They are read out and go away by themselves.

import Bad from "lucide-react/icons/circle-alert";
import Good from "lucide-react/icons/circle-check";
import X from "lucide-react/icons/x";
import { useSyncExternalStore } from "react";
import { t } from "../i18n";
import { Button } from "./Button";
import { problemText } from "./Notes";
import "./notices.css";

interface Notice {
  id: number;
  text: string;
  bad: boolean;
  undo?: () => unknown;
}

const SHOWN_MS = 6000;
const UNDO_MS = 12_000;
const AT_ONCE = 3;
let notices: readonly Notice[] = [];
let nextId = 1;
const listeners = new Set<() => void>();

function set(next: readonly Notice[]): void {
  notices = next;
  listeners.forEach((listener) => listener());
}

const drop = (id: number) => set(notices.filter((notice) => notice.id !== id));

/** `undo` takes back what was just done; the message stays longer then. */
export function notify(text: string, bad = false, undo?: () => unknown): void {
  const id = nextId++;
  set([...notices.slice(1 - AT_ONCE), { id, text, bad, undo }]);
  setTimeout(() => drop(id), undo ? UNDO_MS : SHOWN_MS);
}

/** Marks a change whose refusal stands where it was asked for: no short message beside it. */
export const TOLD_IN_PLACE = { toldInPlace: true };

export const notifyProblem = (error: unknown) => notify(problemText(error), true);

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

export function Notices() {
  const shown = useSyncExternalStore(subscribe, () => notices);
  return (
    <div className="notices" role="status" aria-live="polite">
      {shown.map((notice) => (
        <div key={notice.id} className={notice.bad ? "notice notice-bad" : "notice"}>
          {notice.bad ? <Bad size={16} aria-hidden /> : <Good size={16} aria-hidden />}
          <span>{notice.text}</span>
          {notice.undo && <Button kind="quiet" small className="notice-undo" onPress={() => { drop(notice.id); notice.undo?.(); }}>{t("action.undo")}</Button>}
          <Button kind="quiet" small className="icon-button" aria-label={t("action.dismiss")} onPress={() => drop(notice.id)} icon={<X aria-hidden />} />
        </div>
      ))}
    </div>
  );
}
