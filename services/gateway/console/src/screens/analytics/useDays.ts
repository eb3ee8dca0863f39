import { useQuery } from "@tanstack/react-query";
import { call } from "../../api/client";
import type { DayTotal } from "./days";

interface Page {
  days?: DayTotal[];
  next_page_token?: string;
}

const MOST_PAGES = 50;

/** Every total since a day, imported history with it. */
async function daysSince(from_day: string, account_ids: string[] | undefined): Promise<DayTotal[]> {
  const rows: DayTotal[] = [];
  let page_token = "";
  for (let page = 0; page < MOST_PAGES; page++) {
    const answer = await call<Page>("GET", "/daily-totals", { query: { from_day, account_ids, with_imported: true, page_size: 200, page_token } });
    rows.push(...(answer.days ?? []));
    page_token = answer.next_page_token ?? "";
    if (!page_token) break;
  }
  return rows;
}

export const useDays = (from: string, accounts: string[] | undefined, enabled: boolean) =>
  useQuery({ queryKey: ["daily-totals", from, accounts], queryFn: () => daysSince(from, accounts), staleTime: 60_000, enabled });
