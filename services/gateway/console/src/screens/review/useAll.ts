import { useInfiniteQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { activity } from "../../api/calls";
import { keys } from "../../api/queries";

interface Page {
  next_page_token?: string;
}

/** Every page of a list of a LIVE that is over, one after another: what is searched is all of it. */
function useAllPages<P extends Page>(key: readonly unknown[], ask: (token: string) => Promise<P>) {
  const list = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam }) => ask(pageParam),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_page_token || undefined,
    staleTime: 60_000,
  });
  const { hasNextPage, isFetching, isError, fetchNextPage } = list;
  useEffect(() => {
    if (hasNextPage && !isFetching && !isError) void fetchNextPage();
  }, [hasNextPage, isFetching, isError, fetchNextPage]);
  return { ...list, whole: list.data !== undefined && !hasNextPage };
}

const SIZE = 200;

export function useAllComments(id: string) {
  const list = useAllPages([...keys.session(id), "all-comments"], (page_token) => activity.comments(id, { page_token, page_size: SIZE }));
  return { ...list, comments: list.data?.pages.flatMap((page) => page.comments ?? []) ?? [] };
}

export function useAllOrders(id: string) {
  const list = useAllPages([...keys.orders(id), "all"], (page_token) => activity.orders(id, { page_token, page_size: SIZE }));
  return { ...list, orders: list.data?.pages.flatMap((page) => page.orders ?? []) ?? [] };
}
