import { useInfiniteQuery } from "@tanstack/react-query";
import { access, type Grant, type GrantUse } from "../../api/settings";
import { named, t } from "../../i18n";
import { moment } from "../../lib/format";
import { EmptyState } from "../../ui/EmptyState";
import { LoadMore } from "../../ui/LoadMore";
import { ProblemNote } from "../../ui/Notes";
import { Sheet } from "../../ui/Sheet";
import { Skeleton } from "../../ui/Skeleton";

interface Props {
  grant: Grant;
  /** Of the people that the reader knows, by id. */
  names: ReadonlyMap<string, string>;
  onClose: () => void;
}

/** What was done by a grant, the newest first. */
export function Uses({ grant, names, onClose }: Props) {
  const uses = useInfiniteQuery({
    queryKey: ["grant", grant.grant_id, "uses"],
    queryFn: ({ pageParam }) => access.uses(grant.grant_id, pageParam),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_page_token || undefined,
  });
  const rows = uses.data?.pages.flatMap((page) => page.uses) ?? [];
  return (
    <Sheet title={t("grants.uses.title")} isOpen onClose={onClose}>
      <p className="muted">{t("grants.uses.hint")}</p>
      {uses.isPending && <Skeleton lines={6} />}
      {uses.error && <ProblemNote error={uses.error} retry={() => void uses.refetch()} />}
      {uses.data && rows.length === 0 && <EmptyState title={t("grants.uses.none")} />}
      <ul className="plain-list">
        {rows.map((use) => (
          <li key={use.use_id} className="use">
            <span>{named("use", use.action, t("use.other"))}</span>
            <span className="muted small">{line(use, names)}</span>
          </li>
        ))}
      </ul>
      {uses.hasNextPage && <LoadMore isLoading={uses.isFetchingNextPage} onMore={() => void uses.fetchNextPage()} />}
    </Sheet>
  );
}

const line = (use: GrantUse, names: ReadonlyMap<string, string>) =>
  t("grants.use", {
    name: names.get(use.user_id) ?? t("grants.person", { id: use.user_id.slice(0, 8) }), time: moment(use.last_time), n: use.calls,
  });
