import type { MouseEvent, ReactNode } from "react";
import { Nowhere, useIsNowhere } from "./Lost";
import { OnAir } from "./OnAir";
import { Rail } from "./Rail";
import { Soon } from "./Soon";
import { Whose } from "./Whose";
import { t } from "../i18n";

interface Props {
  /** The page shows what belongs to the place that is taken in the switcher. */
  narrowed?: boolean;
  /** The LIVE that the page is about. */
  session?: string;
  children: ReactNode;
}

/** The frame of every page that does not fill a window of its own. */
export function Shell({ narrowed = false, session, children }: Props) {
  const nowhere = useIsNowhere();
  return (
    <div className="shell">
      <a className="skip" href="#main" onClick={skipToMain}>{t("skip")}</a>
      <Rail />
      <div className="shell-body">
        <div className="shell-strips">
          <Soon session={session} />
          <OnAir session={session} />
        </div>
        <main id="main" tabIndex={-1} className="shell-main">
          {narrowed && <Whose />}
          {nowhere ? <Nowhere /> : children}
        </main>
      </div>
    </div>
  );
}

/** The page has a base, so a plain fragment link would lead to another one. */
function skipToMain(event: MouseEvent): void {
  event.preventDefault();
  document.getElementById("main")?.focus();
}
