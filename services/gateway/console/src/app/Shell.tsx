import type { MouseEvent, ReactNode } from "react";
import { Nowhere, useIsNowhere } from "./Lost";
import { OnAir } from "./OnAir";
import { Rail } from "./Rail";
import { t } from "../i18n";

/** The frame of every page that does not fill a window of its own. */
export function Shell({ children }: { children: ReactNode }) {
  const nowhere = useIsNowhere();
  return (
    <div className="shell">
      <a className="skip" href="#main" onClick={skipToMain}>{t("skip")}</a>
      <Rail />
      <div className="shell-body">
        <OnAir />
        <main id="main" tabIndex={-1} className="shell-main">{nowhere ? <Nowhere /> : children}</main>
      </div>
    </div>
  );
}

/** The page has a base, so a plain fragment link would lead to another one. */
function skipToMain(event: MouseEvent): void {
  event.preventDefault();
  document.getElementById("main")?.focus();
}
