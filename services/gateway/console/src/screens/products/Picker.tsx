import { useState } from "react";
import { bag } from "../../api/calls";
import { Problem } from "../../api/client";
import { useCategories } from "../../api/products";
import { useBag } from "../../api/queries";
import type { ProductSource, Session } from "../../api/types";
import { t } from "../../i18n";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { EmptyState } from "../../ui/EmptyState";
import { Link } from "../../ui/Link";
import { problemText } from "../../ui/Notes";
import { notify, TOLD_IN_PLACE } from "../../ui/notices";
import { Tabs } from "../../ui/Tabs";
import { TextArea } from "../../ui/TextArea";
import { useChange } from "../air/useChange";
import { NONE, ProductChooser } from "./picking/ProductChooser";
import { SetChooser } from "./picking/SetChooser";
import { linesOf, requestsOf, sizeOf, type Wanted, without } from "./picking/wanted";
import { BAG_MOST } from "./rules";
import "../../words/bag";
import "../../words/picking";
import "../../words/products";

export interface PickerProps {
  session: Session;
  isOpen: boolean;
  onClose: () => void;
}

const NOTHING: Wanted = { showcase: NONE, sets: [], invited: NONE, invites: "", links: "" };

/** A refusal, and the source that it is about. */
class Refused extends Error {
  constructor(readonly source: ProductSource, readonly why: unknown) {
    super();
  }
}

/** Puts products into the bag of a LIVE: from the showcase, whole sets, collab invites and links, all at once. */
export function Picker({ session, isOpen, onClose }: PickerProps) {
  const { session_id: id, shop_id: shop } = session;
  const [tab, setTab] = useState<ProductSource>("showcase");
  const [wanted, setWanted] = useState(NOTHING);
  const items = useBag(id, "").data?.items ?? [];
  const held = new Set(items.map((item) => item.product.product_id));
  const size = sizeOf(wanted, held);
  const over = items.length + size - BAG_MOST;
  const add = useChange(id, () => send(id, wanted, setWanted).then(onClose), undefined, TOLD_IN_PLACE);
  const set = (part: Partial<Wanted>) => {
    add.reset();
    setWanted({ ...wanted, ...part });
  };
  const choose = { shop, held, heldText: t("bag.held") };
  const count = (n: number) => n || undefined;
  return (
    <Dialog title={t("bag.add")} isOpen={isOpen} onClose={onClose} wide>
      <Tabs
        label={t("bag.source")}
        selected={tab}
        onChange={(next) => {
          setTab(next);
          add.reset();
        }}
        tabs={[
          {
            id: "showcase", text: t("pick.showcase"), count: count(wanted.showcase.size),
            content: <ProductChooser {...choose} only={{ showcase_only: true }} chosen={wanted.showcase} onChange={(showcase) => set({ showcase })} empty={<NoProducts shop={shop} />} />,
          },
          {
            id: "set", text: t("pick.sets"), count: count(wanted.sets.length),
            content: <SetChooser shop={shop} held={held} chosen={wanted.sets} onChange={(sets) => set({ sets })} />,
          },
          {
            id: "collab", text: t("pick.collabs"), count: count(wanted.invited.size + linesOf(wanted.invites).length),
            content: (
              <div className="pick">
                <TextArea label={t("pick.invites")} hint={t("pick.invites-hint")} lines={2} value={wanted.invites} onChange={(invites) => set({ invites })} />
                <ProductChooser {...choose} only={{ invited_only: true }} chosen={wanted.invited} onChange={(invited) => set({ invited })} empty={<EmptyState title={t("pick.invited-none")} />} />
              </div>
            ),
          },
          {
            id: "link", text: t("pick.links"), count: count(linesOf(wanted.links).length),
            content: <TextArea label={t("bag.links")} hint={t("bag.links-hint")} lines={6} value={wanted.links} onChange={(links) => set({ links })} placeholder="https://" />,
          },
        ]}
      />
      {add.error && <p className="form-problem" role="alert">{refusalText(add.error)}</p>}
      <footer className="dialog-foot pick-foot">
        <p className="pick-count" role="status">
          <span>{t("pick.count", { n: items.length, most: BAG_MOST })}</span>
          {over > 0 && size > 0 && <span className="pick-over">{t("pick.over", { n: over })}</span>}
        </p>
        <Button onPress={onClose}>{t("action.cancel")}</Button>
        <Button kind="primary" isDisabled={size === 0 || over > 0} isPending={add.isPending} onPress={() => add.mutate()}>
          {size === 0 ? t("bag.add-none") : t("bag.add-chosen", { n: size })}
        </Button>
      </footer>
    </Dialog>
  );
}

/** Adds one source after another. What was added is no longer wanted, so that a refusal leaves the rest as it was. */
async function send(session: string, wanted: Wanted, keep: (rest: Wanted) => void): Promise<void> {
  let rest = wanted;
  let added = 0;
  try {
    for (const { source, references } of requestsOf(wanted)) {
      const answer = await bag.add(session, source, references).catch((why: unknown) => Promise.reject(new Refused(source, why)));
      added += answer.added_product_ids?.length ?? 0;
      rest = without(rest, source);
    }
  } finally {
    keep(rest);
    if (added > 0 || rest !== wanted) notify(t("bag.added", { n: added }));
  }
}

/** Of what somebody typed it is told which one nobody knows; ids of the other sources say nothing to people. */
function refusalText(error: unknown): string {
  if (!(error instanceof Refused)) return problemText(error);
  const { source, why } = error;
  const typed = (source === "link" || source === "collab") && why instanceof Problem && why.code === "PRODUCT_NOT_FOUND";
  const link = typed ? (why.details["metadata"] as Record<string, string> | undefined)?.["reference"] : undefined;
  return link ? t("bag.link-unknown", { link }) : problemText(why);
}

/** Nothing to choose from: says why, and where products come from. */
function NoProducts({ shop }: { shop: string }) {
  const all = useCategories(shop, false).data;
  if (!all) return null;
  const none = all.categories.length === 0;
  return (
    <EmptyState title={t(none ? "bag.catalogue-empty" : "bag.showcase-none")}>
      <p className="small">{t(none ? "pick.catalogue-how" : "pick.showcase-how")}</p>
      <Link to="/products" look={none ? "button-primary" : "button"} small>{t("pick.catalogue-go")}</Link>
    </EmptyState>
  );
}
