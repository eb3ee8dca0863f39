import { useQueries } from "@tanstack/react-query";
import Done from "lucide-react/icons/circle-check";
import Circle from "lucide-react/icons/circle";
import { catalogue } from "../../api/calls";
import type { SessionRow } from "../../api/types";
import type { Scope } from "../../app/scope";
import { t } from "../../i18n";
import { Button } from "../../ui/Button";
import { Card } from "../../ui/Card";
import { Link } from "../../ui/Link";

interface Props {
  scope: Scope;
  sessions: readonly SessionRow[];
  onNew: () => void;
}

/** So many shops are asked whether they have a product: who has more of them is no beginner. */
const MOST_SHOPS = 10;

/** Whether there was a LIVE: on air, past, replayed or imported. `more`: there are sessions beside these. */
export const hasPast = (sessions: readonly SessionRow[], more: boolean) =>
  more || sessions.some(({ session }) => session.state === "live" || session.state === "ended");

/** The way to a first LIVE. */
export function NextSteps({ scope, sessions, onNew }: Props) {
  const shops = useQueries({
    queries: scope.shops.slice(0, MOST_SHOPS).map(({ shop_id: shop }) => ({
      queryKey: ["shop", shop, "products", "any"],
      queryFn: () => catalogue.products(shop, { page_size: 1 }),
    })),
  });
  const products = shops.some((one) => one.data?.products.length);
  const hosts = scope.accounts.some((one) => one.shop_id);
  const planned = sessions.find(({ session }) => session.state === "prepared")?.session;
  const steps = [
    { id: "account", done: hosts, text: t("home.step-account"), hint: t("home.step-account-hint") },
    {
      id: "products", done: products, text: t("home.step-products"), hint: t("home.step-products-hint"),
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
