import type { ReactNode } from "react";
import { Tab, TabList, TabPanel, Tabs as AriaTabs } from "react-aria-components";
import "./Tabs.css";

export interface TabItem<T extends string = string> {
  id: T;
  text: string;
  count?: string | number;
  content: ReactNode;
}

interface Props<T extends string> {
  label: string;
  selected: T;
  onChange: (id: T) => void;
  tabs: readonly TabItem<T>[];
}

export function Tabs<T extends string>({ label, selected, onChange, tabs }: Props<T>) {
  return (
    <AriaTabs className="tabs" selectedKey={selected} onSelectionChange={(key) => onChange(key as T)}>
      <TabList className="tab-list" aria-label={label}>
        {tabs.map((tab) => (
          <Tab key={tab.id} id={tab.id} className="tab">
            {tab.text}
            {tab.count !== undefined && <span className="count">{tab.count}</span>}
          </Tab>
        ))}
      </TabList>
      {tabs.map((tab) => (
        <TabPanel key={tab.id} id={tab.id} className="tab-panel">{tab.content}</TabPanel>
      ))}
    </AriaTabs>
  );
}
