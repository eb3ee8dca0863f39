import type { Query } from "../../api/client";
import type { Categories } from "../../api/types";
import { t } from "../../i18n";
import { Chips } from "../../ui/Chips";
import { SearchField } from "../../ui/SearchField";
import { SegmentedControl } from "../../ui/SegmentedControl";
import { Select } from "../../ui/Select";
import { LABELS, labelText } from "./values";

export interface Filter {
  search: string;
  category: string;
  label: (typeof LABELS)[number];
  only: ("stock" | "showcase")[];
  archived: boolean;
}

export const ALL: Filter = { search: "", category: "", label: "unspecified", only: [], archived: false };

export const isFiltered = ({ search, category, label, only }: Filter) =>
  search.trim() !== "" || category !== "" || label !== "unspecified" || only.length > 0;

export const queryOf = ({ search, category, label, only, archived }: Filter): Query => ({
  query: search.trim(),
  category,
  label: label === "unspecified" ? "" : label,
  in_stock_only: only.includes("stock") || undefined,
  showcase_only: only.includes("showcase") || undefined,
  archived: archived || undefined,
});

interface Props {
  filter: Filter;
  /** What there is to filter by, once it is known. */
  counts: Categories | undefined;
  onChange: (filter: Filter) => void;
}

const ANY = "*"; // no category is called so: an empty id is none for a list

export function Filters({ filter, counts, onChange }: Props) {
  const known = counts?.categories ?? [];
  const categories = !filter.category || known.some((one) => one.category === filter.category) ? known : [...known, { category: filter.category, products: 0 }];
  const labelled = new Map(counts?.labels.map((one) => [one.label, one.products]));
  const labelName = (id: (typeof LABELS)[number]) => {
    if (id === "unspecified") return t("products.label-all");
    return counts ? t("products.category-count", { name: labelText(id), n: labelled.get(id) ?? 0 }) : labelText(id);
  };
  const set = (part: Partial<Filter>) => onChange({ ...filter, ...part });
  return (
    <div className="toolbar products-filters" role="search">
      <SegmentedControl
        label={t("products.which")}
        value={filter.archived ? "archived" : "current"}
        choices={[{ id: "current", text: t("products.current") }, { id: "archived", text: t("products.archived") }]}
        onChange={(which) => set({ archived: which === "archived" })}
      />
      <SearchField label={t("products.search")} value={filter.search} onChange={(search) => set({ search })} />
      {categories.length > 1 && (
        <Select
          label={t("products.category")}
          hideLabel
          value={filter.category || ANY}
          choices={[{ id: ANY, text: t("products.category-all") }, ...categories.map((one) => ({ id: one.category, text: t("products.category-count", { name: one.category, n: one.products }) }))]}
          onChange={(category) => set({ category: category === ANY ? "" : category })}
        />
      )}
      <Select
        label={t("products.label")}
        hideLabel
        value={filter.label}
        choices={LABELS.map((id) => ({ id, text: labelName(id) }))}
        onChange={(label) => set({ label })}
      />
      <Chips
        label={t("products.filters")}
        chips={[{ id: "stock", text: t("products.in-stock") }, { id: "showcase", text: t("products.in-showcase") }]}
        chosen={filter.only}
        onChange={(only) => set({ only })}
      />
    </div>
  );
}
