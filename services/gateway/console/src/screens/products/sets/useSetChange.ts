import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Problem } from "../../../api/client";
import { productKeys, productSets } from "../../../api/products";
import type { ProductSet } from "../../../api/types";

export type Change = (set: ProductSet) => ProductSet;

export const setsKey = (shop: string) => [...productKeys.all(shop), "sets"];

/** Changes a set, in sight at once: over what it has become by then, one change after another, so that each of them holds. */
export function useSetChange(shop: string, id: string) {
  const cache = useQueryClient();
  const mutationKey = ["set", id];
  const only = (sets: readonly ProductSet[] | undefined) => sets?.find((one) => one.product_set_id === id);
  return useMutation({
    mutationKey,
    scope: { id: mutationKey.join() },
    mutationFn: async (change: Change) => {
      const now = only(await productSets.list(shop));
      if (!now) throw new Problem(404, "PRODUCT_SET_NOT_FOUND", "");
      return productSets.save(shop, change(now));
    },
    onMutate: async (change) => {
      await cache.cancelQueries({ queryKey: setsKey(shop) });
      cache.setQueryData<ProductSet[]>(setsKey(shop), (sets) => sets?.map((one) => (one.product_set_id === id ? change(one) : one)));
    },
    onSettled: async () => {
      if (cache.isMutating({ mutationKey }) === 1) await cache.invalidateQueries({ queryKey: setsKey(shop) });
    },
  });
}
