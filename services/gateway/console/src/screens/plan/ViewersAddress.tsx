import Copy from "lucide-react/icons/copy";
import type { Session } from "../../api/types";
import { t } from "../../i18n";
import { base } from "../../lib/base";
import { Button } from "../../ui/Button";
import { Card } from "../../ui/Card";
import { ExternalLink } from "../../ui/Link";
import { notify } from "../../ui/notices";

/** Where viewers will find the LIVE, to be shared before it begins. */
export function ViewersAddress({ session }: { session: Session }) {
  const address = `${location.origin}${base}watch/${encodeURIComponent(session.session_id)}`;
  const copy = async () => {
    await navigator.clipboard.writeText(address);
    notify(t("plan.link-copied"));
  };
  return (
    <Card title={t("plan.link")} hint={t("plan.link-hint")}>
      <div className="plan-link">
        <input className="input" readOnly value={address} aria-label={t("plan.link")} onFocus={(event) => event.currentTarget.select()} />
        {/* A page on plain http has no clipboard: there the address is selected by a press. */}
        {window.isSecureContext && <Button icon={<Copy aria-hidden />} onPress={copy}>{t("plan.link-copy")}</Button>}
      </div>
      {session.state === "live" && <p className="plan-see"><ExternalLink href={address}>{t("plan.link-see")}</ExternalLink></p>}
    </Card>
  );
}
