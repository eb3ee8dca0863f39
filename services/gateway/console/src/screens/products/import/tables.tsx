import { useInfiniteQuery } from "@tanstack/react-query";
import ArrowRight from "lucide-react/icons/arrow-right";
import { imports } from "../../../api/products";
import type { Import, ImportChange, ImportedValue, ImportedVariant, ImportProblem } from "../../../api/types";
import { named, t } from "../../../i18n";
import { count, rate } from "../../../lib/format";
import { Badge, type Tone } from "../../../ui/Badge";
import { Banner } from "../../../ui/Banner";
import { Card } from "../../../ui/Card";
import { LoadMore } from "../../../ui/LoadMore";
import { ProblemNote } from "../../../ui/Notes";
import { type Column, Table } from "../../../ui/Table";
import { FULL } from "../values";

/** What the file holds that nobody reads. */
export function Warnings({ one }: { one: Import }) {
  const warnings = one.warnings ?? [];
  if (warnings.length === 0) return null;
  return (
    <Banner tone="warn" title={t("import.left-out", { n: warnings.length })}>
      <ul className="import-warnings">
        {warnings.map((warning, at) => (
          <li key={at}>{[warning.column, warning.problem, warning.mend].filter(Boolean).join(" · ")}</li>
        ))}
      </ul>
    </Banner>
  );
}

const PROBLEMS = (): Column<ImportProblem>[] => [
  { id: "line", head: t("import.line"), isRowHeader: true, cell: ({ line }) => <span className="nowrap">{line ? count(line) : t("import.whole")}</span> },
  { id: "column", head: t("import.column"), cell: ({ column }) => column && <code className="import-cell">{column}</code> },
  { id: "value", head: t("import.value"), wideOnly: true, cell: ({ value }) => value && <code className="import-cell">{value}</code> },
  { id: "problem", head: t("import.problem"), cell: ({ problem, mend }) => <><span>{problem}</span>{mend && <span className="muted import-mend">{mend}</span>}</> },
];

export function Problems({ id }: { id: string }) {
  const list = useInfiniteQuery({
    queryKey: ["import", id, "problems"],
    queryFn: ({ pageParam }) => imports.problems(id, pageParam),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_page_token || undefined,
  });
  if (list.error) return <ProblemNote error={list.error} retry={() => void list.refetch()} />;
  const rows = list.data?.pages.flatMap((page) => page.problems ?? []) ?? [];
  return (
    <>
      <Table label={t("import.problem")} columns={PROBLEMS()} rows={rows} keyOf={(row) => `${row.line} ${row.column} ${row.problem}`} loading={list.isPending} />
      {list.hasNextPage && <LoadMore isLoading={list.isFetchingNextPage} onMore={() => list.fetchNextPage()} />}
    </>
  );
}

/** Money comes in whole units, a commission in basis points. */
function valueOf(name: string, value: string | undefined): string {
  if (!value) return t("import.empty-value");
  return name === "commission_bps" ? rate(Number(value) / FULL) : value;
}

const NAMES: Record<string, string> = {
  price: "products.price", title: "products.title", category: "products.category", commission_bps: "products.commission",
  compare_at_price: "products.compare-at", stock: "products.stock", link: "products.link", image_url: "products.picture",
  options: "import.options", values: "import.variant",
};

function nameOf(name: string): string {
  const [area = "", key = name] = (NAMES[name] ?? name).split(".");
  return named(area, key);
}

const CHANGE_TONES: Record<string, Tone> = { added: "good", changed: "info", removed: "bad" };

/** A product that changes, or below it one of its variants. */
interface Line {
  line: number;
  reference: string;
  values: readonly ImportedValue[];
  variant?: ImportedVariant;
}

const linesOf = ({ line, reference, values = [], variants = [] }: ImportChange): Line[] => [
  { line, reference, values },
  ...variants.map((variant) => ({ line, reference: variant.reference, values: variant.values ?? [], variant })),
];

const CHANGES = (): Column<Line>[] => [
  { id: "line", head: t("import.line"), cell: ({ line, variant }) => !variant && count(line) },
  {
    id: "reference", head: t("import.reference"), isRowHeader: true,
    cell: ({ reference, variant }) =>
      variant ? (
        <span className="import-variant">
          <span>{variant.name}</span>
          <span className="muted small">{reference}</span>
        </span>
      ) : reference,
  },
  {
    id: "values", head: t("import.from-to"),
    cell: ({ values, variant }) => (
      <>
        {variant && <Badge tone={CHANGE_TONES[variant.change]}>{named("import-change", variant.change)}</Badge>}
        {!variant && values.length === 0 && <span className="muted">{t("import.all-stays")}</span>}
        {values.length > 0 && (
          <ul className="import-values">
            {values.map(({ name, before, after }) => (
              <li key={name}>
                <span className="muted">{nameOf(name)}</span>{" "}
                {variant?.change !== "added" && <><del>{valueOf(name, before)}</del> <ArrowRight size={13} aria-hidden /> </>}
                <ins>{valueOf(name, after)}</ins>
              </li>
            ))}
          </ul>
        )}
      </>
    ),
  },
];

/** What is in the catalogue already and would have other values. */
export function Changes({ id }: { id: string }) {
  const list = useInfiniteQuery({
    queryKey: ["import", id, "changes"],
    queryFn: ({ pageParam }) => imports.changes(id, pageParam),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_page_token || undefined,
  });
  if (list.error) return <ProblemNote error={list.error} retry={() => void list.refetch()} />;
  const rows = list.data?.pages.flatMap((page) => (page.changes ?? []).flatMap(linesOf)) ?? [];
  return (
    <Card title={t("import.changes")} flush>
      <Table label={t("import.changes")} columns={CHANGES()} rows={rows} keyOf={({ line, variant }) => `${line} ${variant?.reference ?? ""}`} loading={list.isPending} />
      {list.hasNextPage && <LoadMore isLoading={list.isFetchingNextPage} onMore={() => list.fetchNextPage()} />}
    </Card>
  );
}
