import Package from "lucide-react/icons/package";
import { Banner } from "../../ui/Banner";
import { Button } from "../../ui/Button";
import { Card } from "../../ui/Card";
import { EmptyState } from "../../ui/EmptyState";
import { FileDrop } from "../../ui/FileDrop";
import { notify } from "../../ui/notices";
import { ProgressBar } from "../../ui/ProgressBar";
import { Skeleton } from "../../ui/Skeleton";
import { Table } from "../../ui/Table";
import { COLUMNS, type Good, NAMES, WORDS } from "./samples";

const TITLE = [{ id: "title", head: COLUMNS.title, cell: (row: Good) => row.title }];
const key = (row: Good) => row.id;

export function Waiting() {
  return (
    <Card title={NAMES.waiting}>
      <div className="stack">
        <Banner title={WORDS.infoTitle} actions={<Button small>{WORDS.small}</Button>}>{WORDS.info}</Banner>
        <Banner tone="good">{WORDS.good}</Banner>
        <Banner tone="warn">{WORDS.warn}</Banner>
        <Banner tone="bad" title={WORDS.badTitle}>{WORDS.bad}</Banner>
        <ProgressBar label={WORDS.import} value={40} text={WORDS.importText} />
        <ProgressBar label={WORDS.unknown} />
        <div className="design-fields">
          <EmptyState icon={<Package aria-hidden />} title={WORDS.empty}><Button kind="primary">{WORDS.add}</Button></EmptyState>
          <FileDrop label={WORDS.file} hint={WORDS.fileHint} accept={[".csv"]} onFiles={() => undefined} />
          <Skeleton lines={4} />
          <Table label={WORDS.unknown} columns={TITLE} rows={[]} keyOf={key} loading />
          <Table label={WORDS.nothing} columns={TITLE} rows={[]} keyOf={key} empty={WORDS.nothing} />
        </div>
        <div className="row">
          <Button onPress={() => notify(WORDS.saved)}>{WORDS.tell}</Button>
          <Button onPress={() => notify(WORDS.refused, true)}>{WORDS.tellBad}</Button>
        </div>
      </div>
    </Card>
  );
}
