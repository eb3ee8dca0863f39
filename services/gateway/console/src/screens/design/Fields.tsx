import { useState } from "react";
import { Card } from "../../ui/Card";
import { DateField } from "../../ui/DateField";
import { MoneyField } from "../../ui/MoneyField";
import { NumberField } from "../../ui/NumberField";
import { SearchField } from "../../ui/SearchField";
import { TextArea } from "../../ui/TextArea";
import { TextField } from "../../ui/TextField";
import { TimeField } from "../../ui/TimeField";
import { NAMES, WORDS } from "./samples";

const CURRENCIES = ["EUR", "JPY", "KWD"];
const RULE = { minimum: 1, maximum: 20 };

export function Fields() {
  const [title, setTitle] = useState<string>(WORDS.here);
  const [search, setSearch] = useState("");
  const [stock, setStock] = useState<number | null>(12);
  const [time, setTime] = useState("18:00");
  const [day, setDay] = useState<string | null>("2026-11-30");
  return (
    <Card title={NAMES.fields}>
      <div className="design-fields">
        <TextField label={WORDS.email} hint={WORDS.titleHint} placeholder={WORDS.placeholder} />
        <TextField label={WORDS.title} value={title} onChange={setTitle} problem={WORDS.tooLong} />
        <TextField label={WORDS.reply} isDisabled defaultValue={WORDS.placeholder} />
        <Counted />
        <SearchField label={WORDS.search} value={search} onChange={setSearch} />
        <NumberField label={WORDS.stock} value={stock} onChange={setStock} minValue={0} maxValue={999} />
        {CURRENCIES.map((currency) => <Money key={currency} currency={currency} />)}
        <DateField label={WORDS.start} value={day} onChange={setDay} earliest="2026-11-02" latest="2026-12-24" />
        <DateField label={WORDS.end} value={null} onChange={() => undefined} problem={WORDS.refused} />
        <TimeField label={WORDS.clock} value={time} onChange={setTime} />
        <TextArea label={WORDS.facts} lines={3} hint={WORDS.titleHint} defaultValue={WORDS.confirmText} />
      </div>
    </Card>
  );
}

function Counted() {
  const [text, setText] = useState<string>(WORDS.placeholder);
  return <TextField label={WORDS.products} value={text} onChange={setText} rule={RULE} />;
}

/** Shows the minor units that the field gives. */
function Money({ currency }: { currency: string }) {
  const [minor, setMinor] = useState<number | null>(null);
  return (
    <div>
      <MoneyField label={`${WORDS.price} ${currency}`} hint={WORDS.priceHint} value={minor} currency={currency} onChange={setMinor} />
      <output className="muted small" data-minor={currency}>{minor ?? WORDS.none}</output>
    </div>
  );
}
