import { Shell } from "../../../app/Shell";
import { t } from "../../../i18n";
import { useTitle } from "../../../lib/title";
import { PageHeader } from "../../../ui/PageHeader";
import { Skeleton } from "../../../ui/Skeleton";
import { usePlace } from "../../settings/place";
import { NoShop } from "../NoShop";
import { useShop } from "../useShop";
import { Invited } from "./Invited";
import { Partners } from "./Partners";
import "./collabs.css";
import "../../../words/bag";
import "../../../words/picking";
import "../../../words/products";

/** Whom a shop and a creator work with, and what the shop offers them to sell. */
export function CollabsPage() {
  useTitle(t("collabs"));
  const place = usePlace();
  const shop = useShop();
  const side = place?.field === "shop_id" ? "shop" : place?.field === "creator_id" ? "creator" : null;
  return (
    <Shell>
      {!place && <Skeleton lines={8} />}
      {place && !side && <NoShop />}
      {place && side && (
        <>
          <PageHeader title={t("collabs")} facts={<p className="muted small">{t(`collabs.about-${side}`, { name: place.name })}</p>} />
          <div className="collabs" key={place.id}>
            <Partners side={side} id={place.id} isOwner={place.isOwner} />
            {side === "shop" && shop && <Invited shop={shop} />}
          </div>
        </>
      )}
    </Shell>
  );
}
