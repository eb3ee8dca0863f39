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
}

const SHOWN_MS = 6000;
const AT_ONCE = 3;
let notices: readonly Notice[] = [];
let nextId = 1;
const listeners = new Set<() => void>();

function set(next: readonly Notice[]): void {
  notices = next;
  listeners.forEach((listener) => listener());
}

const drop = (id: number) => set(notices.filter((notice) => notice.id !== id));

export function notify(text: string, bad = false): void {
  const id = nextId++;
  set([...notices.slice(1 - AT_ONCE), { id, text, bad }]);
  setTimeout(() => drop(id), SHOWN_MS);
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
          <Button kind="quiet" small className="icon-button" aria-label={t("action.dismiss")} onPress={() => drop(notice.id)} icon={<X aria-hidden />} />
        </div>
      ))}
    </div>
  );
}
