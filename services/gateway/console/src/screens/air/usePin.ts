import { bag } from "../../api/calls";
import type { BagItem } from "../../api/types";
import { t } from "../../i18n";
import { useCommand } from "./useCommand";

/** Shows a product to viewers, or takes it down again when it is the one that is shown. */
export function usePin(sessionId: string) {
  return useCommand<BagItem>(sessionId, {
    what: ({ product: { title }, pinned }) => t(pinned ? "bag.unpin-of" : "bag.pin-of", { title }),
    send: ({ product: { product_id }, pinned }, how) =>
      pinned ? bag.unpin(sessionId, product_id, how) : bag.pin(sessionId, product_id, how),
  });
}
