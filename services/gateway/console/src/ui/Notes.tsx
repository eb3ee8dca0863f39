import { Problem } from "../api/client";
import { named, t } from "../i18n";
import { Banner } from "./Banner";
import { Button } from "./Button";

/** What went wrong, for a person: the catalogue's words for the code, else the server's own. */
export function problemText(error: unknown): string {
  if (!(error instanceof Problem)) return t("problem.unknown");
  const text = named("problem", error.code, "") || error.message || t("problem.unknown");
  return error.field && !text.startsWith(error.field) ? t("problem.field", { field: error.field, text }) : text;
}

interface ProblemProps {
  error: unknown;
  /** What the problem means for what is on the screen. */
  about?: string;
  retry?: () => void;
}

export function ProblemNote({ error, about, retry }: ProblemProps) {
  return (
    <Banner tone="bad" title={about} actions={retry && <Button small onPress={retry}>{t("action.retry")}</Button>}>
      <p>{problemText(error)}</p>
      {error instanceof Problem && error.requestId && (
        <p className="muted small">{t("problem.request", { id: error.requestId })}</p>
      )}
    </Banner>
  );
}

/** What nobody can know of a session of which only totals were imported. */
export const NotKnown = () => <p className="muted">{t("missing.import")}</p>;
