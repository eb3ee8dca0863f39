import type { ReactNode } from "react";
import type { Session } from "../api/types";
import { named, t } from "../i18n";
import { clock } from "../lib/format";
import { Badge, type Tone } from "./Badge";

type Badged = Pick<Session, "state" | "source" | "simulated" | "simulated_payments" | "no_sign_of_life_since" | "ended_for_silence">;

/** How a LIVE stands and where its numbers come from, on every screen; more may stand behind. */
export function SessionBadges({ session, children }: { session: Badged; children?: ReactNode }) {
  return (
    <span className="cell-badges">
      <StateBadge state={session.state} />
      {session.state === "live" && session.no_sign_of_life_since && (
        <Badge tone="warn" title={t("state.quiet.hint")}>
          {t("state.quiet", { time: clock(session.no_sign_of_life_since) })}
        </Badge>
      )}
      {session.ended_for_silence && (
        <Badge tone="warn" title={t("state.silent.hint")}>{t("state.silent")}</Badge>
      )}
      <SourceBadge session={session} />
      {children}
    </span>
  );
}

const TONES: Record<string, Tone> = { practice: "warn", live: "live" };

function StateBadge({ state }: { state: Session["state"] }) {
  return <Badge tone={TONES[state] ?? "neutral"} dot={state === "live"}>{named("state", state)}</Badge>;
}

/** Says when numbers are not those of a real LIVE; nothing for a real one. */
function SourceBadge({ session }: { session: Badged }) {
  return (
    <>
      {session.source !== "live" && (
        <Badge tone="warn" title={named("source.hint", session.source)}>
          {named("source", session.source)}
        </Badge>
      )}
      {session.simulated && (
        <Badge tone="warn" title={t("source.simulated.hint")}>
          {t("source.simulated")}
        </Badge>
      )}
      {session.simulated_payments && !session.simulated && (
        <Badge tone="warn" title={t("source.simulated-payments.hint")}>
          {t("source.simulated-payments")}
        </Badge>
      )}
    </>
  );
}
