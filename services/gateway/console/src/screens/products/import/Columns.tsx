import { useMutation } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { imports } from "../../../api/products";
import type { Import } from "../../../api/types";
import { named, t } from "../../../i18n";
import { Badge } from "../../../ui/Badge";
import { Button } from "../../../ui/Button";
import { Card } from "../../../ui/Card";
import { ProblemNote } from "../../../ui/Notes";
import { TOLD_IN_PLACE } from "../../../ui/notices";
import { Select } from "../../../ui/Select";
import { type Column, Table } from "../../../ui/Table";
import { heldFile, hold } from "./heldFiles";
import { FIELDS, type Mapping, mappingOf, missing, withField, written } from "./mapping";

interface Props {
  one: Import;
  /** Another import took its place: the same file, read by other columns. */
  onChecked: (id: string) => void;
  /** Leads on while nothing was changed. */
  onNext?: () => void;
}

interface Line {
  place: number;
  column: string;
  sample: string;
  why: string;
}

const fieldText = (field: string) => named("import-field", field);

/** What each column of the file becomes. It can be changed while this window has the file. */
export function Columns({ one, onChecked, onNext }: Props) {
  const columns = one.columns ?? [];
  const found = mappingOf(columns);
  const [mapping, setMapping] = useState<Mapping>(found);
  const isUnknown = (one.missing_fields?.length ?? 0) > 0;
  const [all, setAll] = useState(isUnknown);
  const file = heldFile(one.import_id);
  const check = useMutation({
    mutationFn: async (kept: File) => {
      const next = (await imports.create(one.shop_id, kept, () => undefined, written(columns, mapping)).done).import;
      await imports.discard(one.import_id).catch(() => undefined); // it is forgotten by itself after a day
      return next;
    },
    meta: TOLD_IN_PLACE,
    onSuccess: (next, kept) => {
      hold(next.import_id, kept);
      onChecked(next.import_id);
    },
  });
  const isChanged = mapping.some((field, at) => field !== found[at]);
  const lacking = missing(one, mapping);
  const lines = columns.map(({ column, sample = "", left_out = "" }, place) => ({ place, column, sample, why: left_out }));
  // A line stays where it is while its field is chosen.
  const read = lines.filter(({ place }) => found[place] !== "" || mapping[place] !== "");
  const rest = lines.length - read.length;
  let next: ReactNode = onNext && <Button kind="primary" isDisabled={lacking.length > 0} onPress={onNext}>{t("import.mapping-next")}</Button>;
  if (file && (isChanged || isUnknown)) {
    next = (
      <Button kind="primary" isPending={check.isPending} isDisabled={lacking.length > 0} onPress={() => check.mutate(file)}>
        {t("import.mapping-check")}
      </Button>
    );
  }
  return (
    <>
      <div className="import-ready">
        <p role="status" className={lacking.length > 0 ? "import-lacking" : "muted"}>
          {lacking.length > 0
            ? t("import.mapping-missing", { fields: lacking.map(fieldText).join(", ") })
            : t("import.mapping-read", { n: mapping.filter(Boolean).length, all: columns.length })}
        </p>
        {next}
      </div>
      {check.error && <ProblemNote error={check.error} />}
      <Card
        flush
        title={isUnknown ? t("import.mapping-unknown") : t("import.mapping")}
        hint={t(!file ? "import.mapping-held" : isUnknown ? "import.mapping-unknown-hint" : "import.mapping-hint")}
        actions={<Badge tone={isUnknown ? "warn" : "accent"}>{named("import-format", one.format)}</Badge>}
      >
        <Table
          label={t("import.mapping")}
          columns={heads(mapping, (place, field) => setMapping((now) => withField(now, place, field)), !file || check.isPending)}
          rows={all ? lines : read}
          keyOf={({ place }) => String(place)}
        />
        {rest > 0 && !isUnknown && (
          <div className="import-foot">
            <Button kind="quiet" onPress={() => setAll(!all)}>{all ? t("import.mapping-fewer") : t("import.mapping-rest", { n: rest })}</Button>
          </div>
        )}
      </Card>
    </>
  );
}

function heads(mapping: Mapping, onChange: (place: number, field: string) => void, isFixed: boolean): Column<Line>[] {
  const choices = [{ id: "none", text: t("import.leave-out") }, ...FIELDS.map((id) => ({ id, text: fieldText(id) }))];
  return [
    {
      id: "column", head: t("import.column"), isRowHeader: true,
      cell: ({ column, sample }) => (
        <>
          <code className="import-cell">{column}</code>
          <span className="import-sample-below muted small">{sample}</span>
        </>
      ),
    },
    { id: "sample", head: t("import.mapping-sample"), wideOnly: true, cell: ({ sample }) => <span className="import-sample muted">{sample}</span> },
    {
      id: "field", head: t("import.mapping-field"),
      cell: ({ place, column, why }) => {
        const field = mapping[place] ?? "";
        if (isFixed) return field ? fieldText(field) : <span className="muted">{named("import-left", why)}</span>;
        return (
          <div className="import-choice">
            <Select
              label={t("import.mapping-of", { column })} hideLabel value={field || "none"} choices={choices}
              onChange={(id) => onChange(place, id === "none" ? "" : id)}
            />
            {!field && why === "another_column_fills_it" && <span className="muted small">{named("import-left", why)}</span>}
          </div>
        );
      },
    },
  ];
}
