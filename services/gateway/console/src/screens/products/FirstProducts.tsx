import Download from "lucide-react/icons/download";
import FileSpreadsheet from "lucide-react/icons/file-spreadsheet";
import PackagePlus from "lucide-react/icons/package-plus";
import type { ReactNode } from "react";
import { t } from "../../i18n";
import { Button } from "../../ui/Button";
import { EmptyState } from "../../ui/EmptyState";
import { Link } from "../../ui/Link";
import { downloadSample } from "./sample";
import type { Shop } from "./useShop";

interface Props {
  shop: Shop;
  onAdd: () => void;
}

/** An empty shop: three ways to fill it. */
export function FirstProducts({ shop, onAdd }: Props) {
  if (!shop.runs) return <EmptyState title={t("products.first-none")} />;
  const size = { size: 22, "aria-hidden": true } as const;
  return (
    <section className="first" aria-labelledby="first">
      <h2 id="first" className="first-title">{t("products.first")}</h2>
      <p className="muted">{t("products.first-hint", { shop: shop.name })}</p>
      <ul className="first-doors">
        <Door icon={<PackagePlus {...size} />} title={t("products.first-add")} hint={t("products.first-add-hint")}>
          <Button kind="primary" onPress={onAdd}>{t("products.add")}</Button>
        </Door>
        <Door icon={<FileSpreadsheet {...size} />} title={t("products.first-import")} hint={t("products.first-import-hint")}>
          <Link to="/products/import" search={{}} look="button">{t("products.import")}</Link>
        </Door>
        <Door icon={<Download {...size} />} title={t("products.first-sample")} hint={t("products.first-sample-hint")}>
          <Button onPress={() => downloadSample(shop.currency)}>{t("products.first-sample-get")}</Button>
        </Door>
      </ul>
    </section>
  );
}

function Door({ icon, title, hint, children }: { icon: ReactNode; title: string; hint: string; children: ReactNode }) {
  return (
    <li className="panel first-door">
      <span className="empty-icon">{icon}</span>
      <h3>{title}</h3>
      <p className="muted">{hint}</p>
      {children}
    </li>
  );
}
