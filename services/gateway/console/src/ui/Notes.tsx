import { Problem } from "../api/client";
import { named, t } from "../i18n";
import { Banner } from "./Banner";
import { Button } from "./Button";

/** What went wrong, for a person: the catalogue's words for the code, else the server's own. */
export function problemText(error: unknown): string {
  if (!(error instanceof Problem)) return t("problem.unknown");
  return named("problem", error.code, "") || ownText(error) || t("problem.unknown");
}

/** The server's own sentence. It begins with the path of a field of the API: people read the field's name, if it has one. */
function ownText({ field, message }: Problem): string {
  if (!field || !message.startsWith(`${field}: `)) return message;
  const text = message.slice(field.length + 2);
  const label = named("field", field.replace(/\[\d+\]$/, "").split(".").at(-1), "");
  return label ? t("problem.field", { field: label, text }) : text.charAt(0).toUpperCase() + text.slice(1);
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
