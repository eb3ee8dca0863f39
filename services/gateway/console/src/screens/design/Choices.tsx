import { useState } from "react";
import { Card } from "../../ui/Card";
import { Checkbox } from "../../ui/Checkbox";
import { Chips } from "../../ui/Chips";
import { ComboBox } from "../../ui/ComboBox";
import { RadioGroup } from "../../ui/RadioGroup";
import { SegmentedControl } from "../../ui/SegmentedControl";
import { Select } from "../../ui/Select";
import { Switch } from "../../ui/Switch";
import { Tabs } from "../../ui/Tabs";
import { COUNTRIES, NAMES, PERIODS, STATES, VIEWS, WORDS } from "./samples";

export function Choices() {
  const [period, setPeriod] = useState("7");
  const [country, setCountry] = useState<string | null>(null);
  const [states, setStates] = useState<string[]>(["paid"]);
  const [view, setView] = useState("list");
  const [tab, setTab] = useState("one");
  return (
    <Card title={NAMES.choices}>
      <div className="stack">
        <div className="design-fields">
          <Select label={WORDS.period} value={period} choices={PERIODS} onChange={setPeriod} />
          <Select label={WORDS.account} value={period} choices={PERIODS} onChange={setPeriod} isDisabled />
          <ComboBox label={WORDS.find} value={country} choices={COUNTRIES} onChange={setCountry} hint={country ?? WORDS.none} />
          <RadioGroup label={WORDS.payout} value={period} choices={PERIODS} onChange={setPeriod} />
          <div className="stack">
            <Switch hint={WORDS.notifyHint} defaultSelected>{WORDS.notify}</Switch>
            <Switch>{WORDS.agree}</Switch>
            <Switch isDisabled>{WORDS.off}</Switch>
          </div>
          <div>
            <Checkbox defaultSelected>{WORDS.agree}</Checkbox>
            <Checkbox isIndeterminate>{WORDS.some}</Checkbox>
            <Checkbox>{WORDS.notify}</Checkbox>
            <Checkbox isDisabled>{WORDS.off}</Checkbox>
          </div>
        </div>
        <Chips label={WORDS.filter} chips={STATES.map((one, at) => ({ ...one, count: (at + 1) * 12 }))} chosen={states} onChange={setStates} />
        <div className="row"><SegmentedControl label={WORDS.view} value={view} choices={VIEWS} onChange={setView} /></div>
        <Tabs
          label={WORDS.facts}
          selected={tab}
          onChange={setTab}
          tabs={[
            { id: "one", text: WORDS.tab, content: <p>{WORDS.info}</p> },
            { id: "two", text: WORDS.tab2, count: 12, content: <p>{WORDS.good}</p> },
          ]}
        />
      </div>
    </Card>
  );
}
