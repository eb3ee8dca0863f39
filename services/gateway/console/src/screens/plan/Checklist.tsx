import Circle from "lucide-react/icons/circle";
import Done from "lucide-react/icons/circle-check";
import { useBag } from "../../api/queries";
import type { Session } from "../../api/types";
import { t } from "../../i18n";
import { Card } from "../../ui/Card";

interface Item {
  id: string;
  done: boolean;
  text: string;
  hint?: string;
}

/** Enough to speak about for a while. */
const FEW = 2;

function itemsOf(session: Session, products: number): Item[] {
  return [
    { id: "title", done: true, text: t("plan.check-title") },
    {
      id: "products", done: products >= FEW,
      text: products === 0 ? t("plan.check-no-products") : t("plan.check-products", { n: products }),
      hint: products < FEW ? t("plan.check-products-hint") : undefined,
    },
    {
      id: "script", done: Boolean(session.script), text: session.script ? t("plan.check-script") : t("plan.check-no-script"),
      hint: session.script ? undefined : t("plan.check-script-hint"),
    },
    { id: "camera", done: false, text: t("plan.check-camera"), hint: t("plan.check-camera-hint") },
  ];
}

/** What is ready and what is missing before the control room is opened. */
export function Checklist({ session }: { session: Session }) {
  const items = itemsOf(session, useBag(session.session_id, "").data?.items.length ?? 0);
  // What the control room checks cannot be ready here.
  const counted = items.filter((one) => one.id !== "camera");
  return (
    <Card title={t("plan.check")} actions={<span className="muted small tabular">{t("plan.check-count", { n: counted.filter((one) => one.done).length, of: counted.length })}</span>}>
      <ul className="plan-check">
        {items.map(({ id, done, text, hint }) => (
          <li key={id} className={done ? "plan-check-done" : undefined}>
            {done ? <Done size={18} aria-label={t("plan.check-ready")} role="img" /> : <Circle size={18} aria-label={t("plan.check-open")} role="img" />}
            <span>
              {text}
              {hint && <span className="muted small">{hint}</span>}
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
