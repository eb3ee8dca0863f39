import { type SuggestedTime, useSuggestedTime } from "../../api/events";
import { useMetrics } from "../../api/queries";
import { t } from "../../i18n";
import { list, reading } from "../../lib/format";
import { momentIn } from "../../lib/zones";
import { Banner } from "../../ui/Banner";
import { Button } from "../../ui/Button";

interface Props {
  account: string;
  zone: string;
  onTake: (suggestion: SuggestedTime) => void;
}

/** When the account's LIVEs went best, and what that rests on; nothing while its past is too thin to tell. */
export function SuggestedHint({ account, zone, onTake }: Props) {
  const { suggestion, simulated } = useSuggestedTime(account, zone) ?? {};
  const metrics = useMetrics();
  if (!suggestion) return null;
  const { start_time, duration_minutes: minutes, sessions, evidence = [] } = suggestion;
  const length = t("event.hours-short", { hours: Math.floor(minutes / 60), minutes: minutes % 60 }).trim();
  const figures = evidence.map(({ there, account: usual }) => {
    const metric = metrics.get(there.metric);
    const unit = metric?.unit ?? "count";
    return t("event.suggested-figure", { name: metric?.title ?? there.metric, there: reading(there, unit), usual: reading(usual, unit) });
  });
  return (
    <Banner
      title={t("event.suggested", { time: momentIn(Date.parse(start_time), zone), length })}
      actions={<Button small onPress={() => onTake(suggestion)}>{t("event.suggested-take")}</Button>}
    >
      <p className="small">{t("event.suggested-why", { n: sessions, figures: list(figures) })}{simulated && ` ${t("event.suggested-simulated")}`}</p>
    </Banner>
  );
}
