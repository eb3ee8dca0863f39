import { Tab, TabList, TabPanel, Tabs } from "react-aria-components";
import type { Session } from "../../api/types";
import { t } from "../../i18n";
import { NotKnown } from "../../ui/Notes";
import { Bag, MOST_PRODUCTS } from "./Bag";
import { PROMOTIONS } from "./parts";
import { Script } from "./Script";

interface Props {
  session: Session;
  open: string;
  onOpen: (part: string) => void;
}

/** What is shown and sold: products, promotions, and the words for them. */
export function ProductPanel({ session, open, onOpen }: Props) {
  const known = session.source !== "import";
  return (
    <section className="pane pane-products" aria-label={t("desk.products")}>
      <Tabs className="tabs" selectedKey={open} onSelectionChange={(key) => onOpen(String(key))}>
        <TabList className="tab-list tab-list-grid tab-list-products" aria-label={t("desk.products")}>
          <Tab id="bag" className="tab">
            {t("bag.tab")}{" "}
            {known && <span className="tab-count">{t("bag.size", { n: session.bag_size ?? 0, most: MOST_PRODUCTS })}</span>}
          </Tab>
          {PROMOTIONS.map(({ id }) => (
            <Tab key={id} id={id} className="tab">{t(`part.${id}`)}</Tab>
          ))}
          <Tab id="script" className="tab">{t("script")}</Tab>
        </TabList>
        <TabPanel id="bag" className="tab-panel">{known ? <Bag session={session} /> : <NotKnown />}</TabPanel>
        {PROMOTIONS.map(({ id, Panel }) => (
          <TabPanel key={id} id={id} className="tab-panel"><Panel session={session} /></TabPanel>
        ))}
        <TabPanel id="script" className="tab-panel" shouldForceMount>{known ? <Script session={session} /> : <NotKnown />}</TabPanel>
      </Tabs>
    </section>
  );
}
