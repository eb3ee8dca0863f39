import Flag from "lucide-react/icons/flag";
import type { Session } from "../../api/types";
import { t } from "../../i18n";
import { EmptyState } from "../../ui/EmptyState";
import { Link } from "../../ui/Link";

/** Where the picture was. What came of the LIVE is told in one place, the Review. */
export function Over({ session }: { session: Session }) {
  return (
    <div className="pane programme pane-past">
      <EmptyState icon={<Flag aria-hidden />} title={t("past")}>
        <p>{t("past.read-only")}</p>
        <Link to="/live/$sessionId/review" params={{ sessionId: session.session_id }} look="button-primary">{t("past.review")}</Link>
      </EmptyState>
    </div>
  );
}
