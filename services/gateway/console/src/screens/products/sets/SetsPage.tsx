import { useSearch } from "@tanstack/react-router";
import { useState } from "react";
import Layers from "lucide-react/icons/layers";
import Plus from "lucide-react/icons/plus";
import { Shell } from "../../../app/Shell";
import { pictureOf, useProductsById, useSets } from "../../../api/products";
import type { Product, ProductSet } from "../../../api/types";
import { t } from "../../../i18n";
import { useWanted } from "../../../lib/later";
import { useTitle } from "../../../lib/title";
import { Button } from "../../../ui/Button";
import { EmptyState } from "../../../ui/EmptyState";
import { Link } from "../../../ui/Link";
import { ProblemNote } from "../../../ui/Notes";
import { over } from "../../../ui/over";
import { PageHeader } from "../../../ui/PageHeader";
import { Skeleton } from "../../../ui/Skeleton";
import { Thumbnail } from "../../../ui/Thumbnail";
import { NoShop } from "../NoShop";
import type { NewSetProps } from "./NewSet";
import { type Shop, useShop } from "../useShop";
import { SetView } from "./SetView";
import "./sets.css";
import "../../../words/bag";
import "../../../words/picking";
import "../../../words/products";

const NewSet = over<NewSetProps>(() => import("./later").then((file) => file.NewSet));
const FACES = 4;
const ASKED = 50; // sets whose pictures are asked for: a list takes 200 ids

/** The sets of a shop, or one of them. */
export function SetsPage() {
  useTitle(t("sets"));
  const shop = useShop();
  const { id } = useSearch({ from: "/products/sets" });
  return (
    <Shell>
      {shop === undefined && <Skeleton lines={8} />}
      {shop === null && <NoShop />}
      {shop && (id ? <SetView key={id} shop={shop} id={id} /> : <List key={shop.id} shop={shop} />)}
    </Shell>
  );
}

function List({ shop }: { shop: Shop }) {
  const [making, setMaking] = useState(false);
  const wanted = useWanted(making, NewSet);
  const list = useSets(shop.id);
  const sets = list.data ?? [];
  const known = useProductsById(shop.id, sets.slice(0, ASKED).flatMap((set) => set.product_ids.slice(0, FACES))).data;
  const make = (kind: "primary" | "secondary") => (
    <Button kind={kind} icon={<Plus size={16} aria-hidden />} onPress={() => setMaking(true)}>{t("sets.new")}</Button>
  );
  return (
    <>
      <PageHeader
        title={t("sets")}
        facts={<p className="muted small">{t("sets.about", { shop: shop.name })}</p>}
        actions={shop.runs && sets.length > 0 && make("primary")}
      />
      {list.isPending && <Skeleton lines={6} />}
      {list.error && <ProblemNote error={list.error} retry={() => void list.refetch()} />}
      {list.data && sets.length === 0 && (
        <EmptyState icon={<Layers aria-hidden />} title={t("sets.none")}>
          <p>{t(shop.runs ? "sets.none-hint" : "sets.none-run")}</p>
          {shop.runs && make("primary")}
        </EmptyState>
      )}
      <ul className="set-cards">
        {sets.map((set) => <li key={set.product_set_id}><SetCard set={set} known={known} /></li>)}
      </ul>
      {wanted && making && <NewSet shop={shop} isOpen onClose={() => setMaking(false)} />}
    </>
  );
}

function SetCard({ set, known }: { set: ProductSet; known: ReadonlyMap<string, Product> | undefined }) {
  const faces = set.product_ids.slice(0, FACES);
  return (
    <Link to="/products/sets" search={{ id: set.product_set_id }} look="quiet" className="panel set-card">
      <span className="set-faces" aria-hidden="true">
        {faces.map((id) => {
          const one = known?.get(id);
          return <Thumbnail key={id} name={one?.title ?? ""} src={one && pictureOf(one, 480)} size="large" />;
        })}
      </span>
      <span className="set-name">{set.name}</span>
      <span className="muted small">{t("bag.set-size", { n: set.product_ids.length })}</span>
    </Link>
  );
}
