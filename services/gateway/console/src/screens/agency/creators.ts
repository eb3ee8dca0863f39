// What is on air, came last and comes next, for each creator of an agency.

import { useQueries, useQuery } from "@tanstack/react-query";
import { directory, sessions } from "../../api/calls";
import { keys } from "../../api/queries";
import { access } from "../../api/settings";
import type { SessionRow, SessionState } from "../../api/types";
import { type Account, useScope } from "../../app/scope";

export interface Creator {
  id: string;
  name: string;
  /** The shop whose account it is, where it is no creator's own. */
  shop: string;
  accounts: readonly Account[];
  now: SessionRow | undefined;
  last: SessionRow | undefined;
  /** Planned and not yet on air, the newest first. */
  next: readonly SessionRow[];
}

const METRICS = ["viewers_now", "gmv"];
const PAGE = 200;
/** So many creators without a LIVE among the newest are asked about one by one. */
const MOST_ASKED = 40;
const EVERY_MS = 10_000;

const of = (accounts: readonly Account[]) => (row: SessionRow) => accounts.some((one) => one.account_id === row.session.account_id);

/** Creators by what concerns an agency first: who is on air, then who was last, then by name. */
export function sorted(creators: Creator[]): Creator[] {
  const last = (one: Creator) => one.last?.session.start_time ?? "";
  return creators.sort((a, b) =>
    Number(b.now !== undefined) - Number(a.now !== undefined) || last(b).localeCompare(last(a)) || a.name.localeCompare(b.name),
  );
}

/** The creators who are bound to a partner now, and the names of the shops that are. */
function useBound(partner: string) {
  return useQuery({
    queryKey: ["partner", partner, "creators"],
    queryFn: async () => {
      const [bindings, others] = await Promise.all([access.bindings(), directory.others()]);
      const bound = bindings.filter((one) => one.partner_id === partner && one.status === "active");
      const creators = new Set(bound.map((one) => one.creator_id));
      return {
        creators: others.creators.filter((one) => creators.has(one.creator_id)),
        shops: new Map(bound.map((one) => [one.shop_id ?? "", one.shop_name ?? ""])),
      };
    },
    enabled: partner !== "",
    staleTime: 60_000,
  });
}

export function useCreators(partner: string) {
  const scope = useScope();
  const bound = useBound(partner);
  const accounts = scope.accounts.slice(0, PAGE).map((one) => one.account_id);
  const ready = !scope.isPending && accounts.length > 0 && partner !== "";
  const ask = (state: SessionState) => ({
    queryKey: [...keys.sessions, "agency", partner, state, accounts],
    queryFn: () => sessions.list({ account_ids: accounts, states: [state], metrics: METRICS, sort: "start", page_size: PAGE }),
    enabled: ready,
    refetchInterval: EVERY_MS,
  });
  const lists = useQueries({ queries: [ask("live"), ask("ended"), ask("prepared")] });
  const [live, ended, prepared] = lists.map((one) => one.data?.sessions ?? []);
  const creator = (id: string, name: string, shop: string, own: readonly Account[]): Creator => ({
    id, name, shop, accounts: own, now: live?.find(of(own)), last: ended?.find(of(own)), next: prepared?.filter(of(own)) ?? [],
  });
  const creators = [
    ...(bound.data?.creators ?? []).map((one) =>
      creator(one.creator_id, one.name, "", scope.accounts.filter((account) => account.creator_id === one.creator_id)),
    ),
    // A creator who works on a shop's account has no entry of their own.
    ...scope.accounts.filter((one) => !one.creator_id && one.kind === "creator").map((one) =>
      creator(one.account_id, one.name, bound.data?.shops.get(one.shop_id ?? "") ?? "", [one]),
    ),
  ];
  // Whose last LIVE lies behind those of all the others is asked for alone.
  const isCut = Boolean(lists[1]?.data?.next_page_token);
  const quiet = isCut ? creators.filter((one) => !one.last && one.accounts.length > 0).slice(0, MOST_ASKED) : [];
  const alone = useQueries({
    queries: quiet.map((one) => {
      const account_ids = one.accounts.map((account) => account.account_id);
      return {
        queryKey: [...keys.sessions, "agency", "last", account_ids],
        queryFn: () => sessions.list({ account_ids, states: ["ended"], metrics: METRICS, sort: "start", page_size: 1 }),
        staleTime: 60_000,
      };
    }),
  });
  quiet.forEach((one, at) => (one.last = alone[at]?.data?.sessions[0]));
  const asked = [bound, ...lists];
  return {
    creators: sorted(creators),
    isPending: scope.isPending || bound.isPending || (ready && lists.some((one) => one.isPending)),
    error: asked.find((one) => one.error)?.error,
    retry: () => asked.forEach((one) => one.error && void one.refetch()),
  };
}
