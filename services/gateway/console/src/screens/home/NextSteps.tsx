import Done from "lucide-react/icons/circle-check";
import Circle from "lucide-react/icons/circle";
import { useProducts } from "../../api/queries";
import type { Me, SessionRow } from "../../api/types";
import { t } from "../../i18n";
import { Button } from "../../ui/Button";
import { Card } from "../../ui/Card";
import { Link } from "../../ui/Link";

interface Props {
  me: Me;
  sessions: readonly SessionRow[];
  onNew: () => void;
}

/** The way to a first LIVE; gone once one has ended. */
export function NextSteps({ me, sessions, onNew }: Props) {
  const shop = me.shops[0]?.shop_id ?? "";
  const products = useProducts(shop, {}, shop !== "").data?.products.length ?? 0;
  const hosts = me.accounts.some((one) => one.shop_id);
  const planned = sessions.find(({ session }) => session.state === "prepared")?.session;
  if (sessions.some(({ session }) => session.source === "live" && session.state !== "prepared")) return null;
  const steps = [
    { id: "account", done: hosts, text: t("home.step-account"), hint: t("home.step-account-hint") },
    {
      id: "products", done: products > 0, text: t("home.step-products"), hint: t("home.step-products-hint"),
      act: <Link to="/products" look="button" small>{t("home.step-products-go")}</Link>,
    },
    {
      id: "plan", done: planned !== undefined, text: t("home.step-plan"), hint: t("home.step-plan-hint"),
      act: hosts && <Button small onPress={onNew}>{t("new-live")}</Button>,
    },
    {
      id: "air", done: false, text: t("home.step-air"), hint: t("home.step-air-hint"),
      act: planned && <Link to="/live/$sessionId/plan" params={{ sessionId: planned.session_id }} look="button" small>{t("sessions.plan")}</Link>,
    },
  ];
  const next = steps.findIndex((one) => !one.done);
  return (
    <Card title={t("home.steps")} hint={t("home.steps-hint")}>
      <ol className="home-steps">
        {steps.map(({ id, done, text, hint, act }, at) => (
          <li key={id} className={done ? "home-done" : undefined} aria-current={at === next ? "step" : undefined}>
            {done ? <Done size={20} role="img" aria-label={t("plan.check-ready")} /> : <Circle size={20} role="img" aria-label={t("plan.check-open")} />}
            <span className="home-words">
              <strong>{text}</strong>
              {!done && <span className="muted small">{hint}</span>}
            </span>
            {!done && act}
          </li>
        ))}
      </ol>
    </Card>
  );
}
