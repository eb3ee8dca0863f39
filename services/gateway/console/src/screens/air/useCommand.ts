import { type MutationMeta, useMutation, useQueryClient } from "@tanstack/react-query";
import type { How } from "../../api/client";
import { keys } from "../../api/queries";
import { t } from "../../i18n";
import { patiently } from "../../live/outbox";
import { notify } from "../../ui/notices";

interface Command<V> {
  /** What is done, for people: shown while it has to wait. */
  what: (value: V) => string;
  send: (value: V, how: How) => Promise<unknown>;
  done?: (value: V) => void;
  meta?: MutationMeta;
}

/** A command of the control room: sent at once, or as soon as the server is back. Afterwards everything shown is read again. */
export function useCommand<V = void>(sessionId: string, { what, send, done, meta = {} }: Command<V>) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (value: V) => patiently(what(value), (how) => send(value, how), () => notify(t("outbox.sent", { what: what(value) }))),
    networkMode: "always", // the outbox waits, and shows that it does
    meta,
    onSuccess: (_, value) => done?.(value),
    onSettled: () => cache.invalidateQueries({ queryKey: keys.session(sessionId) }),
  });
}
