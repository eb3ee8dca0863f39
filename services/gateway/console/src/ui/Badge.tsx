import type { Session } from "../api/types";
import { named, t } from "../i18n";

export function StateBadge({ state }: { state: Session["state"] }) {
  return (
    <span className={`badge badge-${state}`}>
      {state === "live" && <span className="dot" aria-hidden="true" />}
      {named("state", state)}
    </span>
  );
}

/** Says on every screen when numbers are not those of a real LIVE; nothing for a real one. */
export function SourceBadge({ session }: { session: Pick<Session, "source" | "simulated"> }) {
  return (
    <>
      {session.source !== "live" && (
        <span className="badge badge-source" title={named("source.hint", session.source)}>
          {named("source", session.source)}
        </span>
      )}
      {session.simulated && (
        <span className="badge badge-simulated" title={t("source.simulated.hint")}>
          {t("source.simulated")}
        </span>
      )}
    </>
  );
}
