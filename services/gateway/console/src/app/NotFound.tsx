import Compass from "lucide-react/icons/compass";
import { t } from "../i18n";
import { useTitle } from "../lib/title";
import { EmptyState } from "../ui/EmptyState";
import { Link } from "../ui/Link";
import { Shell } from "./Shell";
import "./lost.css";

/** For an address that names no page. */
export function NotFound() {
  useTitle(t("not-found"));
  return (
    <Shell>
      <div className="lost">
        <EmptyState isPage icon={<Compass aria-hidden />} title={t("not-found")}>
          <p>{t("not-found.hint")}</p>
          <Link to="/live" look="button-primary">{t("not-found.start")}</Link>
        </EmptyState>
      </div>
    </Shell>
  );
}
