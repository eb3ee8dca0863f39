import type { PromoteReminder } from "../../api/home";
import { t } from "../../i18n";
import { moment } from "../../lib/format";
import { Banner } from "../../ui/Banner";
import { Link } from "../../ui/Link";

/** Events that are to be promoted now: two to three days before is the best time. */
export function Promote({ events }: { events: readonly PromoteReminder[] }) {
  return events.map((one) => (
    <Banner
      key={one.event_id}
      title={t("home.promote", { title: one.title })}
      actions={<Link to="/live/calendar" search={{ event: one.event_id }} look="button" small>{t("home.promote-go")}</Link>}
    >
      <p>{t("home.promote-hint", { time: moment(one.start_time) })}</p>
    </Banner>
  ));
}
