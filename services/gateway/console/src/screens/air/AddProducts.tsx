import { useDeferredValue, useState } from "react";
import { CheckboxGroup, Tab, TabList, TabPanel, Tabs } from "react-aria-components";
import { bag } from "../../api/calls";
import { Problem } from "../../api/client";
import { useBag, useMe, useProducts, useProductSets } from "../../api/queries";
import type { ProductSource, Session } from "../../api/types";
import { named, t } from "../../i18n";
import { amount } from "../../lib/format";
import { Badge } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Checkbox } from "../../ui/Checkbox";
import { SearchField } from "../../ui/SearchField";
import { TextArea } from "../../ui/TextArea";
import { EmptyState } from "../../ui/EmptyState";
import { ProblemNote, problemText } from "../../ui/Notes";
import { Skeleton } from "../../ui/Skeleton";
import { notify, TOLD_IN_PLACE } from "../../ui/notices";
import { useChange } from "./useChange";
import "../../words/bag";

export interface AddProductsProps {
  session: Session;
  isOpen: boolean;
  onClose: () => void;
}

interface PickProps {
  shop: string;
  /** What is in the bag already cannot be chosen again. */
  held: ReadonlySet<string>;
  chosen: string[];
  onChange: (references: string[]) => void;
}

const SOURCES = ["showcase", "set", "link", "collab"] as const satisfies readonly ProductSource[];

/** Adds products from the four sources. */
export function AddProducts({ session, isOpen, onClose }: AddProductsProps) {
  const id = session.session_id;
  const [source, setSource] = useState<ProductSource>("showcase");
  const [chosen, setChosen] = useState<string[]>([]);
  const add = useChange(
    id,
    async () => {
      const answer = await bag.add(id, source, chosen);
      notify(t("bag.added", { n: answer.added_product_ids?.length ?? 0 }));
      setChosen([]);
      onClose();
    },
    undefined,
    TOLD_IN_PLACE,
  );
  const items = useBag(id, "").data?.items;
  const held = new Set(items?.map((item) => item.product.product_id));
  const pick = { shop: session.shop_id, held, chosen, onChange: setChosen };
  return (
    <Dialog title={t("bag.add")} isOpen={isOpen} onClose={onClose} wide>
      <Tabs
        className="tabs"
        selectedKey={source}
        onSelectionChange={(key) => {
          setSource(key as ProductSource);
          setChosen([]);
          add.reset();
        }}
      >
        <TabList className="tab-list" aria-label={t("bag.source")}>
          {SOURCES.map((one) => (
            <Tab key={one} id={one} className="tab">
              {named("product-source", one)}
            </Tab>
          ))}
        </TabList>
        <TabPanel id="showcase" className="tab-panel"><Products {...pick} collab={false} /></TabPanel>
        <TabPanel id="set" className="tab-panel"><Sets {...pick} /></TabPanel>
        <TabPanel id="link" className="tab-panel"><Links onChange={setChosen} /></TabPanel>
        <TabPanel id="collab" className="tab-panel"><Products {...pick} collab /></TabPanel>
      </Tabs>
      {add.error && <p className="form-problem" role="alert">{refusalText(add.error, source)}</p>}
      <footer className="dialog-foot">
        <Button onPress={onClose}>{t("action.cancel")}</Button>
        <Button kind="primary" isDisabled={chosen.length === 0} isPending={add.isPending} onPress={() => add.mutate()}>
          {chosen.length === 0 ? t("bag.add-none") : t("bag.add-chosen", { n: chosen.length })}
        </Button>
      </footer>
    </Dialog>
  );
}

/** Of links that somebody typed it is told which one nobody knows; ids of the other sources say nothing to people. */
function refusalText(error: unknown, source: ProductSource): string {
  if (source === "link" && error instanceof Problem && error.code === "PRODUCT_NOT_FOUND") {
    const link = (error.details["metadata"] as Record<string, string> | undefined)?.["reference"];
    if (link) return t("bag.link-unknown", { link });
  }
  return problemText(error);
}

function Products({ shop, held, chosen, onChange, collab }: PickProps & { collab: boolean }) {
  const [search, setSearch] = useState("");
  const query = useDeferredValue(search.trim());
  const list = useProducts(shop, { query, showcase_only: collab ? undefined : true }, true);
  const products = (list.data?.products ?? []).filter((product) => !collab || product.collab_invite);
  return (
    <>
      <SearchField label={t("bag.search-catalogue")} value={search} onChange={setSearch} />
      {list.isPending && <Skeleton />}
      {list.error && <ProblemNote error={list.error} />}
      {list.data && products.length === 0 && <NoProducts shop={shop} collab={collab} searched={query !== ""} />}
      <CheckboxGroup aria-label={t("bag.products")} className="pick-list" value={chosen} onChange={onChange}>
        {products.map((product) => (
          <Checkbox
            key={product.product_id}
            value={collab ? product.collab_invite! : product.product_id}
            isDisabled={held.has(product.product_id)}
          >
            <span className="pick-title">{product.title}</span>
            {product.label && product.label !== "unspecified" && (
              <Badge tone="info">{named("label", product.label)}</Badge>
            )}
            {held.has(product.product_id) && <Badge>{t("bag.held")}</Badge>}
            <span className="pick-end tabular">{amount(product.price)}</span>
          </Checkbox>
        ))}
      </CheckboxGroup>
    </>
  );
}

/** Nothing to choose from: says why, and when the whole catalogue is empty, how it gets its products. */
function NoProducts({ shop, collab, searched }: { shop: string; collab: boolean; searched: boolean }) {
  const me = useMe();
  const any = useProducts(shop, { query: "" }, !searched);
  if (searched) return <EmptyState title={t("bag.catalogue-none")} />;
  if (any.isPending) return <Skeleton />;
  if (any.data?.products.length) return <EmptyState title={t(collab ? "bag.collab-none" : "bag.showcase-none")} />;
  const name = me.data?.shops.find((one) => one.shop_id === shop)?.name ?? t("bag.catalogue-shop");
  return (
    <EmptyState title={t("bag.catalogue-empty")}>
      <p className="muted small">{t("bag.catalogue-how")}</p>
      <p><code>{t("bag.catalogue-command", { shop: name })}</code></p>
    </EmptyState>
  );
}

function Sets({ shop, chosen, onChange }: PickProps) {
  const list = useProductSets(shop, true);
  if (list.isPending) return <Skeleton />;
  if (list.error) return <ProblemNote error={list.error} />;
  if (list.data.product_sets.length === 0) return <EmptyState title={t("bag.sets-none")} />;
  return (
    <CheckboxGroup aria-label={t("bag.sets")} className="pick-list" value={chosen} onChange={onChange}>
      {list.data.product_sets.map((set) => (
        <Checkbox key={set.product_set_id} value={set.product_set_id}>
          <span className="pick-title">{set.name}</span>
          <span className="pick-end muted">{t("bag.set-size", { n: set.product_ids.length })}</span>
        </Checkbox>
      ))}
    </CheckboxGroup>
  );
}

function Links({ onChange }: { onChange: (references: string[]) => void }) {
  const [text, setText] = useState("");
  const read = (next: string) => {
    setText(next);
    onChange(next.split(/\s+/).filter(Boolean));
  };
  return <TextArea label={t("bag.links")} hint={t("bag.links-hint")} lines={6} value={text} onChange={read} placeholder="https://" />;
}
