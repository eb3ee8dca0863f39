import type { ReactNode } from "react";
import type { Session } from "../api/types";
import { named, t } from "../i18n";
import { clock } from "../lib/format";

type Badged = Pick<Session, "state" | "source" | "simulated" | "simulated_payments" | "no_sign_of_life_since" | "ended_for_silence">;

/** How a LIVE stands and where its numbers come from, on every screen; more may stand behind. */
export function SessionBadges({ session, children }: { session: Badged; children?: ReactNode }) {
  return (
    <span className="cell-badges">
      <StateBadge state={session.state} />
      {session.state === "live" && session.no_sign_of_life_since && (
        <span className="badge badge-quiet-live" title={t("state.quiet.hint")}>
          {t("state.quiet", { time: clock(session.no_sign_of_life_since) })}
        </span>
      )}
      {session.ended_for_silence && (
        <span className="badge badge-quiet-live" title={t("state.silent.hint")}>{t("state.silent")}</span>
      )}
      <SourceBadge session={session} />
      {children}
    </span>
  );
}

function StateBadge({ state }: { state: Session["state"] }) {
  return (
    <span className={`badge badge-${state}`}>
      {state === "live" && <span className="dot" aria-hidden="true" />}
      {named("state", state)}
    </span>
  );
}

/** Says when numbers are not those of a real LIVE; nothing for a real one. */
function SourceBadge({ session }: { session: Badged }) {
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
      {session.simulated_payments && !session.simulated && (
        <span className="badge badge-simulated" title={t("source.simulated-payments.hint")}>
          {t("source.simulated-payments")}
        </span>
      )}
    </>
  );
}
