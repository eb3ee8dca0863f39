import { type MutationMeta, useMutation, useQueryClient } from "@tanstack/react-query";
import { keys } from "../../api/queries";

/** A change to a session: afterwards, also when refused, everything shown about it is read again. */
export function useChange<V = void>(
  sessionId: string,
  change: (value: V) => Promise<unknown>,
  done?: (value: V) => void,
  meta: MutationMeta = {},
) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: change,
    meta,
    onSuccess: (_, value) => done?.(value),
    onSettled: () => cache.invalidateQueries({ queryKey: keys.session(sessionId) }),
  });
}
