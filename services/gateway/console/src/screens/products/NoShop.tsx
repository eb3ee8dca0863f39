import { t } from "../../i18n";
import { EmptyState } from "../../ui/EmptyState";

/** Whoever works for no shop has no products here. */
export const NoShop = () => (
  <EmptyState title={t("products.no-shop")}>
    <p className="small">{t("products.no-shop-hint")}</p>
  </EmptyState>
);
