import { useNavigate, useSearch } from "@tanstack/react-router";
import { type Filters, filtersOf } from "./filters";

/** The filters of the page, and how to change some of them; what is undefined no longer holds. */
export function useFilters(): [Filters, (change: Filters) => void, () => void] {
  const filters = filtersOf(useSearch({ strict: false }));
  const navigate = useNavigate();
  const go = (search: Filters) => void navigate({ to: ".", search: ({ for: place }) => ({ ...search, for: place }), replace: true });
  return [filters, (change) => go({ ...filters, ...change }), () => go({ sort: filters.sort, up: filters.up })];
}
