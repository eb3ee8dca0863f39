import Circle from "lucide-react/icons/circle";
import Done from "lucide-react/icons/circle-check";
import type { HomeAnswer } from "../../api/home";
import { named, t } from "../../i18n";
import { dayMonth } from "../../lib/format";
import { Card } from "../../ui/Card";

/** The checklist for success: what the account has really done of late. */
export function Success({ answer }: { answer: HomeAnswer }) {
  const { checklist, checklist_days: days } = answer;
  const done = checklist.filter((one) => one.done).length;
  return (
    <Card title={t("home.success")} hint={t("home.success-hint", { n: done, of: checklist.length, days })}>
      <ul className="home-steps">
        {checklist.map((one) => (
          <li key={one.deed} className={one.done ? "home-done" : undefined}>
            {one.done
              ? <Done size={20} role="img" aria-label={t("plan.check-ready")} />
              : <Circle size={20} role="img" aria-label={t("plan.check-open")} />}
            <span className="home-words">
              <strong>{named("home.deed", one.deed)}</strong>
              <span className="muted small">
                {one.done ? (one.last_time ? t("home.deed-last", { date: dayMonth(one.last_time) }) : "") : named("home.why", one.deed, "")}
              </span>
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
