import Waits from "lucide-react/icons/clock";
import X from "lucide-react/icons/x";
import { t } from "../../i18n";
import { dismiss, useOutbox } from "../../live/outbox";
import { Button } from "../../ui/Button";
import { problemText } from "../../ui/Notes";

/** What was pressed while the server was away: what still waits, and what was refused afterwards. */
export function Outbox() {
  const waiting = useOutbox();
  if (waiting.length === 0) return null;
  return (
    <section className="outbox" aria-label={t("outbox")}>
      <p className="outbox-title"><Waits size={15} aria-hidden /> {t("outbox.hint")}</p>
      <ul>
        {waiting.map(({ id, what, refusal }) => (
          <li key={id} className={refusal === undefined ? "outbox-line" : "outbox-line outbox-refused"} role={refusal === undefined ? undefined : "alert"}>
            <span dir="auto">
              <strong>{what}</strong> {refusal === undefined ? t("outbox.waits") : t("outbox.refused", { why: problemText(refusal) })}
            </span>
            <Button
              small
              kind="quiet"
              icon={<X aria-hidden />}
              aria-label={t(refusal === undefined ? "outbox.give-up" : "outbox.dismiss", { what })}
              onPress={() => dismiss(id)}
            />
          </li>
        ))}
      </ul>
    </section>
  );
}
