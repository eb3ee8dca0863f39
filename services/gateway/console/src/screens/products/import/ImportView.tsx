import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Problem } from "../../../api/client";
import { imports, isMoving, productKeys, useImport } from "../../../api/products";
import type { Import } from "../../../api/types";
import { t } from "../../../i18n";
import { count } from "../../../lib/format";
import { Banner } from "../../../ui/Banner";
import { Button } from "../../../ui/Button";
import { Card } from "../../../ui/Card";
import { EmptyState } from "../../../ui/EmptyState";
import { Link } from "../../../ui/Link";
import { ProblemNote } from "../../../ui/Notes";
import { TOLD_IN_PLACE } from "../../../ui/notices";
import { ProgressBar } from "../../../ui/ProgressBar";
import { Skeleton } from "../../../ui/Skeleton";
import { StatTile } from "../../../ui/StatTile";
import type { Shop } from "../useShop";
import { Columns } from "./Columns";
import { isForeign } from "./mapping";
import { Changes, Problems, Warnings } from "./tables";

interface Step {
  /** The columns are looked at before what changes. */
  step?: "columns";
  onStep: (step: "columns" | undefined, id?: string) => void;
}

/** One import, from its check to its end. */
export function ImportView({ id, ...rest }: Step & { id: string; shop: Shop }) {
  const one = useImport(id);
  if (one.isPending) return <Skeleton lines={6} />;
  if (one.error instanceof Problem && one.error.status === 404) {
    return <EmptyState title={t("import.gone")}><Another /></EmptyState>;
  }
  if (one.error) return <ProblemNote error={one.error} retry={() => void one.refetch()} />;
  return (
    <div className="stack">
      <p className="import-file">{one.data.file_name}</p>
      <State one={one.data} {...rest} />
    </div>
  );
}

const Another = () => <Link to="/products/import" search={{}} look="button">{t("import.another")}</Link>;
const ToCatalogue = () => <Link to="/products" look="button-primary">{t("import.to-catalogue")}</Link>;

function State({ one, shop, step, onStep }: Step & { one: Import; shop: Shop }) {
  const name = one.file_name;
  const again = (id: string) => onStep(undefined, id);
  switch (one.state) {
    case "checking":
      return <Moving label={t("import.checking", { name })} hint={t("import.checking-hint")} />;
    case "applying":
      return <Moving label={t("import.applying", { name })} hint={t("import.applying-hint")} />;
    case "ready":
      if (step === "columns" && isForeign(one)) return <Columns one={one} onChecked={again} onNext={() => onStep(undefined)} />;
      return <Ready one={one} shop={shop} onColumns={isForeign(one) ? () => onStep("columns") : undefined} />;
    case "refused":
      if (one.missing_fields?.length) return <><Columns one={one} onChecked={again} /><div><Another /></div></>;
      return (
        <>
          <Banner tone="bad" title={t("import.refused", { n: one.problems ?? 0 })} actions={<Another />}>
            <p>{t("import.refused-how")}</p>
          </Banner>
          <Problems id={one.import_id} />
          {isForeign(one) && <Columns one={one} onChecked={again} />}
        </>
      );
    case "applied":
      return (
        <>
          <Banner tone="good" title={t("import.applied", { n: one.rows ?? 0 })} actions={<><Another /><ToCatalogue /></>} />
          <Totals one={one} />
          <Warnings one={one} />
          {one.changed ? <Changes id={one.import_id} /> : null}
        </>
      );
    case "discarded":
      return <Banner title={t("import.discarded")} actions={<Another />} />;
    default:
      return <Banner tone="bad" title={t("import.failed")} actions={<Another />}>{one.detail && <p>{one.detail}</p>}</Banner>;
  }
}

const Moving = ({ label, hint }: { label: string; hint: string }) => (
  <Card>
    <ProgressBar label={label} />
    <p className="muted small import-hint">{hint}</p>
  </Card>
);

function Totals({ one }: { one: Import }) {
  return (
    <div className="import-totals">
      <StatTile name={t("import.new")} value={count(one.created ?? 0)} />
      <StatTile name={t("import.changed")} value={count(one.changed ?? 0)} />
      <StatTile name={t("import.unchanged")} value={count(one.unchanged ?? 0)} />
    </div>
  );
}

function Ready({ one, shop, onColumns }: { one: Import; shop: Shop; onColumns?: () => void }) {
  const cache = useQueryClient();
  const id = one.import_id;
  const show = (now: Import) => {
    cache.setQueryData(productKeys.import(id), now);
    if (!isMoving(now)) void cache.invalidateQueries({ queryKey: productKeys.all(shop.id) });
  };
  const again = () => void cache.invalidateQueries({ queryKey: productKeys.import(id) });
  const apply = useMutation({ mutationFn: () => imports.apply(id), meta: TOLD_IN_PLACE, onSuccess: (answer) => show(answer.import), onError: again });
  const discard = useMutation({ mutationFn: () => imports.discard(id), meta: TOLD_IN_PLACE, onSuccess: (answer) => show(answer.import), onError: again });
  const moving = (one.created ?? 0) + (one.changed ?? 0);
  const refusal = apply.error ?? discard.error;
  let what: ReactNode = <p className="muted">{t("import.ready")}</p>;
  if (moving === 0) what = <p className="muted">{t("import.nothing")}</p>;
  return (
    <>
      {refusal && <ProblemNote error={refusal} />}
      <div className="import-ready">
        {what}
        <div className="row">
          {onColumns && <Button kind="quiet" onPress={onColumns}>{t("import.mapping-back")}</Button>}
          <Button isPending={discard.isPending} onPress={() => discard.mutate()}>{t("import.discard")}</Button>
          {moving > 0 && (
            <Button kind="primary" isPending={apply.isPending} onPress={() => apply.mutate()}>{t("import.apply", { n: moving })}</Button>
          )}
        </div>
      </div>
      <Totals one={one} />
      <Warnings one={one} />
      {one.changed ? <Changes id={id} /> : null}
    </>
  );
}
