import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import Ellipsis from "lucide-react/icons/ellipsis";
import Pencil from "lucide-react/icons/pencil";
import Plus from "lucide-react/icons/plus";
import Trash from "lucide-react/icons/trash-2";
import { useState } from "react";
import { productSets, useProductsById, useSets } from "../../../api/products";
import type { ProductSet } from "../../../api/types";
import { t } from "../../../i18n";
import { useTitle } from "../../../lib/title";
import { Breadcrumbs } from "../../../ui/Breadcrumbs";
import { Button } from "../../../ui/Button";
import { Card } from "../../../ui/Card";
import { ConfirmDialog } from "../../../ui/ConfirmDialog";
import { EmptyState } from "../../../ui/EmptyState";
import { Link } from "../../../ui/Link";
import { Menu } from "../../../ui/Menu";
import { ProblemNote } from "../../../ui/Notes";
import { notify } from "../../../ui/notices";
import { over } from "../../../ui/over";
import { PageHeader } from "../../../ui/PageHeader";
import { part } from "../../../ui/part";
import { Skeleton } from "../../../ui/Skeleton";
import { SET_MOST } from "../rules";
import type { Shop } from "../useShop";
import type { AddProductsProps } from "./AddProducts";
import { joined } from "./order";
import type { RenameSetProps } from "./RenameSet";
import type { SetOrderProps } from "./SetOrder";
import { setsKey, useSetChange } from "./useSetChange";

const SetOrder = part<SetOrderProps>(() => import("./later").then((file) => file.SetOrder), () => <Skeleton lines={5} />);
const AddProducts = over<AddProductsProps>(() => import("./later").then((file) => file.AddProducts));
const RenameSet = over<RenameSetProps>(() => import("./later").then((file) => file.RenameSet));

/** One set: its products in their order. */
export function SetView({ shop, id }: { shop: Shop; id: string }) {
  const list = useSets(shop.id);
  const set = list.data?.find((one) => one.product_set_id === id);
  if (list.isPending) return <Skeleton lines={8} />;
  if (list.error && !set) return <ProblemNote error={list.error} retry={() => void list.refetch()} />;
  if (!set) {
    return (
      <EmptyState isPage title={t("sets.gone")}>
        <Link to="/products/sets" search={{}} look="button">{t("sets.all")}</Link>
      </EmptyState>
    );
  }
  return <Page shop={shop} set={set} />;
}

function Page({ shop, set }: { shop: Shop; set: ProductSet }) {
  const { product_set_id: id, name, product_ids: ids } = set;
  useTitle(name);
  const [open, setOpen] = useState<"add" | "rename" | "delete" | null>(null);
  const close = () => setOpen(null);
  const known = useProductsById(shop.id, ids);
  const change = useSetChange(shop.id, id);
  const remove = useRemoval(shop, set);
  const put = (order: (ids: readonly string[]) => string[]) => change.mutate((now) => ({ ...now, product_ids: order(now.product_ids) }));
  return (
    <>
      <PageHeader
        path={<Breadcrumbs links={[<Link key="sets" to="/products/sets" search={{}} look="quiet">{t("sets")}</Link>]} here={name} />}
        title={name}
        facts={<p className="muted small tabular">{t("sets.size", { n: ids.length, most: SET_MOST })}</p>}
        actions={
          shop.runs && (
            <>
              <Menu
                label={t("sets.more", { name })}
                trigger={<Button className="icon-button" aria-label={t("sets.more", { name })} icon={<Ellipsis size={16} aria-hidden />} />}
                actions={[
                  { id: "rename", text: t("sets.rename"), icon: <Pencil size={15} aria-hidden />, onAction: () => setOpen("rename") },
                  { id: "delete", text: t("sets.delete"), icon: <Trash size={15} aria-hidden />, danger: true, apart: true, onAction: () => setOpen("delete") },
                ]}
              />
              <Button kind="primary" icon={<Plus size={16} aria-hidden />} isDisabled={ids.length >= SET_MOST} onPress={() => setOpen("add")}>{t("bag.add")}</Button>
            </>
          )
        }
      />
      <Card title={t("bag.products")} hint={t("sets.hint")}>
        {known.isPending && <Skeleton lines={5} />}
        {known.error && <ProblemNote error={known.error} retry={() => void known.refetch()} />}
        {known.data && (
          <SetOrder set={set} known={known.data} mayEdit={shop.runs} onOrder={put} onLast={() => setOpen("delete")} />
        )}
      </Card>
      {open === "add" && <AddProducts shop={shop} set={set} isOpen onClose={close} onAdd={(more) => put((now) => joined(now, more))} />}
      {open === "rename" && <RenameSet set={set} isOpen onClose={close} onName={(to) => change.mutate((now) => ({ ...now, name: to }))} />}
      <ConfirmDialog
        title={t("sets.delete-of", { name })}
        text={ids.length === 1 ? t("sets.delete-one") : t("sets.delete-text")}
        action={t("sets.delete")}
        isOpen={open === "delete"}
        busy={remove.isPending}
        onClose={close}
        onConfirm={() => remove.mutate()}
      />
    </>
  );
}

function useRemoval(shop: Shop, set: ProductSet) {
  const cache = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: () => productSets.remove(shop.id, set.product_set_id),
    onSuccess: async () => {
      notify(t("sets.deleted", { name: set.name }));
      await navigate({ to: "/products/sets", search: {} });
      await cache.invalidateQueries({ queryKey: setsKey(shop.id) });
    },
  });
}
