import { getRouteApi } from "@tanstack/react-router";
import { t } from "../../../i18n";
import { useTitle } from "../../../lib/title";
import { Breadcrumbs } from "../../../ui/Breadcrumbs";
import { EmptyState } from "../../../ui/EmptyState";
import { Link } from "../../../ui/Link";
import { PageHeader } from "../../../ui/PageHeader";
import { Shell } from "../../../app/Shell";
import { Skeleton } from "../../../ui/Skeleton";
import { useShop } from "../useShop";
import { ImportView } from "./ImportView";
import { NewImport } from "./NewImport";
import "./import.css";
import "../../../words/board";
import "../../../words/imports";
import "../../../words/products";

const route = getRouteApi("/products/import");

/** An import has an address of its own, so that it is found again after a reload. */
export function ImportPage() {
  useTitle(t("import.title"));
  const shop = useShop();
  const { id, step } = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <Shell>
      <PageHeader
        path={<Breadcrumbs links={[<Link key="catalogue" to="/products">{t("nav.catalogue")}</Link>]} here={t("import.title")} />}
        title={t("import.title")}
      />
      {shop === undefined && <Skeleton lines={8} />}
      {(shop === null || shop?.runs === false) && <EmptyState title={t("products.no-shop")} />}
      {shop?.runs && id && <ImportView key={id} id={id} shop={shop} step={step} onStep={(next, to = id) => void navigate({ search: { id: to, step: next } })} />}
      {shop?.runs && !id && <NewImport key={shop.id} shop={shop} onTaken={(taken) => void navigate({ search: { id: taken, step: "columns" } })} />}
    </Shell>
  );
}
