import { Link } from "@tanstack/react-router";
import Right from "lucide-react/icons/chevron-right";
import type { Session } from "../../api/types";
import { t } from "../../i18n";
import "./live.css";

const STEPS = [
  { id: "plan", to: "/live/$sessionId/plan" },
  { id: "air", to: "/live/$sessionId/air" },
  { id: "review", to: "/live/$sessionId/review" },
] as const;

type StepId = (typeof STEPS)[number]["id"];

/** Whether a step has something to show: nothing is on air any more, or there is nothing to look back on yet. */
function open(step: StepId, { state }: Session): boolean {
  return step === "plan" || (step === "review") === (state === "ended");
}

/** One LIVE is one page in three steps: plan, air, review. */
export function Steps({ session, here }: { session: Session; here: StepId }) {
  return (
    <nav aria-label={t("steps")}>
      <ol className="steps">
        {STEPS.map(({ id, to }, at) => (
          <li key={id}>
            {at > 0 && <Right size={14} aria-hidden />}
            {id === here || open(id, session) ? (
              <Link to={to} params={{ sessionId: session.session_id }} className="step" aria-current={id === here ? "step" : undefined}>
                {t(`steps.${id}`)}
              </Link>
            ) : (
              <span className="step">{t(`steps.${id}`)}</span>
            )}
          </li>
        ))}
      </ol>
    </nav>
  );
}
