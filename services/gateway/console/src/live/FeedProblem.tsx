import { t } from "../i18n";
import { ProblemNote } from "../ui/Notes";

interface Props {
  live: { problem: unknown; retry: () => void };
}

/** Why what is on the screen may not be current; gone as soon as it is again. */
export function FeedProblem({ live }: Props) {
  return live.problem ? <ProblemNote about={t("connection.stale")} error={live.problem} retry={live.retry} /> : null;
}
