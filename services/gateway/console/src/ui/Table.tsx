import Down from "lucide-react/icons/arrow-down";
import Up from "lucide-react/icons/arrow-up";
import { Fragment, type ReactNode } from "react";
import { Button } from "react-aria-components";
import { t } from "../i18n";
import { Checkbox } from "./Checkbox";
import "./Table.css";

export interface Column<Row> {
  id: string;
  head: ReactNode;
  /** What the column is called where `head` is not only words. */
  name?: string;
  /** Beside the head: a HelpTip or MetricTip. */
  help?: ReactNode;
  cell: (row: Row) => ReactNode;
  /** Numbers stand at the end, under each other. */
  number?: boolean;
  sortable?: boolean;
  /** Names the row for screen readers: one column has it. */
  isRowHeader?: boolean;
  /** Stays in sight at the end when the table is scrolled sideways. */
  stays?: boolean;
  /** Left out on a phone, where the row's name leads to the rest. */
  wideOnly?: boolean;
}

export interface Sort {
  column: string;
  down: boolean;
}

interface Props<Row> {
  label: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  keyOf: (row: Row) => string;
  /** What a row stands under, with the rows beside it; its head is a line of its own. */
  groupOf?: (row: Row) => { key: string; head: ReactNode } | undefined;
  /** What a row is called where it is selected. */
  nameOf?: (row: Row) => string;
  sort?: Sort;
  onSort?: (sort: Sort) => void;
  selected?: ReadonlySet<string>;
  onSelect?: (selected: Set<string>) => void;
  /** Shows lines that stand for rows to come. */
  loading?: boolean;
  /** Shown instead of rows when there is none. */
  empty?: ReactNode;
}

const LINES = 5;

/**
 * Rows and columns. A plain table, so that a screen reader reads it as one and every control in it keeps its own keys. Only
 * within itself does it scroll sideways. Rows are 52 px high, 40 px where the density is compact.
 */
export function Table<Row>({ label, columns, rows, keyOf, groupOf, nameOf, sort, onSort, selected, onSelect, loading = false, empty }: Props<Row>) {
  const wide = columns.length + (onSelect ? 1 : 0);
  return (
    <div className="table-frame" role="region" aria-label={label} tabIndex={0} aria-busy={loading}>
      <table className="table">
        <thead>
          <tr>
            {onSelect && <th scope="col" className="cell-select"><SelectAll keys={rows.map(keyOf)} selected={selected} onSelect={onSelect} /></th>}
            {columns.map((column) => (
              <Head key={column.id} column={column} sort={sort} onSort={onSort} />
            ))}
          </tr>
        </thead>
        <tbody>
          {loading && Array.from({ length: LINES }, (_, line) => (
            <tr key={line}><td colSpan={wide}><span className="skeleton" /></td></tr>
          ))}
          {!loading && rows.length === 0 && empty && <tr className="table-empty"><td colSpan={wide}>{empty}</td></tr>}
          {!loading && rows.map((row, at) => {
            const key = keyOf(row);
            const group = groupOf?.(row);
            const isFirst = group !== undefined && (at === 0 || groupOf?.(rows[at - 1]!)?.key !== group.key);
            const isSelected = selected?.has(key) ?? false;
            return (
              <Fragment key={key}>
                {isFirst && <tr className="table-group"><th scope="colgroup" colSpan={wide}>{group.head}</th></tr>}
                <tr className={group && "in-group"} aria-selected={onSelect ? isSelected : undefined}>
                  {onSelect && (
                    <td className="cell-select">
                      <Checkbox
                        aria-label={t("ui.select-row", { name: nameOf?.(row) ?? key })}
                        isSelected={isSelected}
                        onChange={(on) => onSelect(toggled(selected, key, on))}
                      />
                    </td>
                  )}
                  {columns.map((column) => <Cell key={column.id} column={column} row={row} />)}
                </tr>
              </Fragment>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function Head<Row>({ column, sort, onSort }: { column: Column<Row>; sort?: Sort; onSort?: (sort: Sort) => void }) {
  const holds = sort?.column === column.id;
  const direction = holds ? (sort.down ? "descending" : "ascending") : undefined;
  const Arrow = holds && !sort.down ? Up : Down;
  return (
    <th scope="col" className={classOf(column)} aria-sort={direction}>
      {column.sortable && onSort ? (
        <Button className="sort" onPress={() => onSort({ column: column.id, down: holds ? !sort.down : true })}>
          {column.head}
          <Arrow className={holds ? "sort-mark sort-holds" : "sort-mark"} size={12} aria-hidden />
        </Button>
      ) : (
        column.head
      )}
      {column.help}
    </th>
  );
}

function Cell<Row>({ column, row }: { column: Column<Row>; row: Row }) {
  if (column.isRowHeader) return <th scope="row" className={classOf(column)}>{column.cell(row)}</th>;
  return <td className={classOf(column)}>{column.cell(row)}</td>;
}

const classOf = ({ number, stays, wideOnly }: Column<never>) =>
  [number && "number", stays && "cell-open", wideOnly && "cell-wide"].filter(Boolean).join(" ") || undefined;

interface AllProps {
  keys: string[];
  selected?: ReadonlySet<string>;
  onSelect: (selected: Set<string>) => void;
}

function SelectAll({ keys, selected, onSelect }: AllProps) {
  const chosen = keys.filter((key) => selected?.has(key)).length;
  return (
    <Checkbox
      aria-label={t("ui.select-all")}
      isSelected={chosen > 0 && chosen === keys.length}
      isIndeterminate={chosen > 0 && chosen < keys.length}
      isDisabled={keys.length === 0}
      onChange={(on) => onSelect(new Set(on ? keys : []))}
    />
  );
}

function toggled(selected: ReadonlySet<string> | undefined, key: string, on: boolean): Set<string> {
  const next = new Set(selected);
  if (on) next.add(key);
  else next.delete(key);
  return next;
}
