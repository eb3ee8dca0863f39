import { Link } from "@tanstack/react-router";
import { Problem } from "../api/client";
import { t } from "../i18n";
import { EmptyState } from "./EmptyState";
import { ProblemNote, problemText } from "./Notes";

/** True when an address names no LIVE: trying again changes nothing. */
export const isNoSession = (error: unknown) => error instanceof Problem && (error.status === 404 || error.field === "session_id");

/** Why a LIVE cannot be shown, with the way out: the list when there is no such LIVE, else another try. */
export function SessionProblem({ error, retry }: { error: unknown; retry: () => void }) {
  if (!isNoSession(error)) return <ProblemNote error={error} retry={retry} />;
  const malformed = error instanceof Problem && error.field === "session_id";
  return (
    <EmptyState title={malformed ? t("problem.no-session") : problemText(error)}>
      <Link to="/live">{t("not-found.start")}</Link>
    </EmptyState>
  );
}
