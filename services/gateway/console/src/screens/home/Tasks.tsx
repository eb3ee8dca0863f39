import Award from "lucide-react/icons/award";
import type { HomeAnswer, LiveTask } from "../../api/home";
import { t } from "../../i18n";
import { count, dayMonth, moment } from "../../lib/format";
import { Card } from "../../ui/Card";
import { ProgressBar } from "../../ui/ProgressBar";

const SHOWN = 5;

/** LIVE tasks: how far each is, and what was earned. */
export function Tasks({ answer }: { answer: HomeAnswer }) {
  const { tasks = [], rewards = [] } = answer;
  if (tasks.length === 0 && rewards.length === 0) return null;
  return (
    <Card title={t("home.tasks")} hint={t("home.tasks-hint")}>
      <ul className="home-tasks">
        {tasks.map((one) => <li key={one.task}><Task task={one} /></li>)}
      </ul>
      {rewards.length > 0 && (
        <>
          <h3 className="home-earned">{t("home.earned")}</h3>
          <ul className="home-list">
            {rewards.slice(0, SHOWN).map((one) => (
              <li key={`${one.task} ${one.period_start_time}`} className="home-reward">
                <Award size={18} aria-hidden />
                <span className="home-words">
                  <strong>{one.reward}</strong>
                  <span className="muted small">{dayMonth(one.time)}</span>
                </span>
              </li>
            ))}
          </ul>
          {rewards.length > SHOWN && <p className="muted small">{t("home.earned-more", { n: rewards.length - SHOWN })}</p>}
        </>
      )}
    </Card>
  );
}

function Task({ task }: { task: LiveTask }) {
  const { title, goal, lives = 0, minutes, reward, completed, period_end_time: end } = task;
  const reached = Math.min(lives, goal);
  return (
    <>
      <ProgressBar label={title} value={completed ? 100 : (100 * reached) / goal} text={t("home.task-lives", { n: count(reached), of: count(goal) })} />
      <p className="muted small">
        {completed ? t("home.task-done", { reward }) : t("home.task-open", { reward, minutes, end: moment(end) })}
      </p>
    </>
  );
}
