import { Tab, TabList, TabPanel, Tabs } from "react-aria-components";
import type { Session } from "../../api/types";
import { t } from "../../i18n";
import { NotKnown } from "../../ui/Notes";
import "../../ui/Tabs.css";
import { BAG_MOST } from "../products/rules";
import { RunOfShow } from "./RunOfShow";
import { Script } from "./Script";

interface Props {
  session: Session;
  open: string;
  onOpen: (part: string) => void;
}

/** What is shown, and the words for it. */
export function ShowPanel({ session, open, onOpen }: Props) {
  const known = session.source !== "import";
  return (
    <section className="pane run-of-show" aria-label={t("desk.products")}>
      <Tabs className="tabs" selectedKey={open} onSelectionChange={(key) => onOpen(String(key))}>
        <TabList className="tab-list" aria-label={t("desk.products")}>
          <Tab id="bag" className="tab">
            {t("bag.tab")}{" "}
            {known && <span className="count">{t("bag.size", { n: session.bag_size ?? 0, most: BAG_MOST })}</span>}
          </Tab>
          <Tab id="script" className="tab">{t("script")}</Tab>
        </TabList>
        <TabPanel id="bag" className="tab-panel">{known ? <RunOfShow session={session} /> : <NotKnown />}</TabPanel>
        <TabPanel id="script" className="tab-panel" shouldForceMount>{known ? <Script session={session} /> : <NotKnown />}</TabPanel>
      </Tabs>
    </section>
  );
}
