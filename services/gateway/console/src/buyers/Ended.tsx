import { t } from "../i18n";
import { watch } from "../api/watch";
import { useAsked } from "./asked";
import { LIST, roomPath } from "./paths";

const EVERY_MS = 30_000;

interface Props {
  sessionId: string;
  /** The viewer has reserved something here. */
  orders: boolean;
  /** Opens the bag; missing where it is in sight. */
  onBag: (() => void) | undefined;
}

/** What to do after the end: pay what is reserved, look at what was shown, see who is LIVE now. */
export function Ended({ sessionId, orders, onBag }: Props) {
  const now = useAsked(watch.list, EVERY_MS, (_known, next) => next).data?.sessions ?? [];
  const others = now.filter((one) => one.session_id !== sessionId).slice(0, 3);
  return (
    <section className="ended">
      <h2>{t("watch.over")}</h2>
      <p>{t(orders ? "watch.over-orders" : "watch.over-next")}</p>
      {onBag && <button type="button" className="cta" onClick={onBag}>{t(orders ? "watch.see-orders" : "watch.see-bag")}</button>}
      {others.length > 0 && (
        <>
          <h3>{t("watch")}</h3>
          <ul>
            {others.map((one) => (
              <li key={one.session_id}>
                <a href={roomPath(one.session_id)}><span className="live-badge">{t("state.live")}</span> {one.title}</a>
              </li>
            ))}
          </ul>
        </>
      )}
      <a className="plain" href={LIST}>{t("watch.all")}</a>
    </section>
  );
}
