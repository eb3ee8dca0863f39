import Trash from "lucide-react/icons/trash-2";
import { useState } from "react";
import { Badge } from "../../ui/Badge";
import { Card } from "../../ui/Card";
import { HelpTip } from "../../ui/HelpTip";
import { IconButton } from "../../ui/IconButton";
import { LoadMore } from "../../ui/LoadMore";
import { Sparkline } from "../../ui/Sparkline";
import { StatTile } from "../../ui/StatTile";
import { type Column, type Sort, Table } from "../../ui/Table";
import { Thumbnail } from "../../ui/Thumbnail";
import { COLUMNS, type Good, GOODS, NAMES, SERIES, WORDS } from "./samples";

const COLUMN_LIST: Column<Good>[] = [
  { id: "title", head: COLUMNS.title, sortable: true, isRowHeader: true, cell: (row) => <span className="row"><Thumbnail name={row.title} size="small" />{row.title}</span> },
  { id: "reference", head: COLUMNS.reference, cell: (row) => row.reference },
  { id: "price", head: COLUMNS.price, number: true, cell: (row) => row.price },
  { id: "stock", head: COLUMNS.stock, number: true, sortable: true, cell: (row) => (row.stock ? row.stock : <Badge tone="bad">{row.stock}</Badge>) },
  { id: "sold", head: COLUMNS.sold, number: true, sortable: true, help: <HelpTip label={COLUMNS.sold} text={WORDS.helpText} />, cell: (row) => row.sold },
  { id: "open", head: "", stays: true, cell: (row) => <IconButton small label={`${WORDS.archive} ${row.title}`} icon={<Trash aria-hidden />} /> },
];

export function Data() {
  const [sort, setSort] = useState<Sort>({ column: "sold", down: true });
  const [selected, setSelected] = useState<Set<string>>(new Set());
  const name = sort.column as keyof Good;
  const rows = GOODS.toSorted((one, other) => (one[name] < other[name] ? -1 : 1) * (sort.down ? -1 : 1));
  return (
    <Card title={NAMES.data} hint={`${selected.size} ${WORDS.chosen}`} flush>
      <div className="design-tiles">
        <StatTile
          name={WORDS.gmv} value="€12,843.50" size="large" asOf={WORDS.asOf} delta={{ text: WORDS.delta, direction: "up", good: true, against: WORDS.against }}
          help={<HelpTip label={WORDS.gmv} text={WORDS.helpText} />} chart={<Sparkline values={SERIES} label={WORDS.chart} />}
        />
        <StatTile name={WORDS.viewers} value="342" delta={{ text: WORDS.drop, direction: "down", good: false }} chart={<Sparkline values={SERIES.toReversed()} series={3} />} />
        <StatTile name={WORDS.rate} value={WORDS.none} missing={WORDS.missing} />
        <StatTile name={WORDS.stock} value="128" size="compact" />
      </div>
      <Table label={WORDS.table} columns={COLUMN_LIST} rows={rows} keyOf={(row) => row.id} nameOf={(row) => row.title} sort={sort} onSort={setSort} selected={selected} onSelect={setSelected} />
      <div className="design-pad"><LoadMore isLoading={false} shown={WORDS.shown} onMore={() => undefined} /></div>
    </Card>
  );
}
