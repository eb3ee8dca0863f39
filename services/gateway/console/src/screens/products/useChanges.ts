// What is done to products of a list, in the list at once.

import { useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import { productKeys, products } from "../../api/products";
import type { Product } from "../../api/types";
import { t } from "../../i18n";
import { problemText } from "../../ui/Notes";
import { notify, notifyProblem } from "../../ui/notices";

type Pages = { pages: { products: Product[] }[] };

/** Lists alone tell these two. */
const merged = (old: Product, fresh: Product): Product => ({ ...fresh, create_time: old.create_time, units_sold: old.units_sold });

export function useChanges(shop: string) {
  const cache = useQueryClient();
  return useMemo(() => {
    const refresh = () => cache.invalidateQueries({ queryKey: productKeys.all(shop) });
    /** Shows in every list what was saved. */
    const put = (fresh: Product) =>
      cache.setQueriesData<Pages>({ queryKey: [...productKeys.all(shop), "catalogue"] }, (data) =>
        data && {
          ...data,
          pages: data.pages.map((page) => ({
            ...page,
            products: page.products.map((one) => (one.product_id === fresh.product_id ? merged(one, fresh) : one)),
          })),
        },
      );
    /** One after another, so that a refusal says how far it came. */
    const each = async (chosen: readonly Product[], act: (id: string) => Promise<unknown>): Promise<Product[]> => {
      const done: Product[] = [];
      try {
        for (const one of chosen) {
          await act(one.product_id);
          done.push(one);
        }
      } catch (error) {
        if (chosen.length === 1) notifyProblem(error);
        else notify(t("products.part-done", { done: done.length, all: chosen.length, why: problemText(error) }), true);
      }
      await refresh();
      return done;
    };
    const restore = async (chosen: readonly Product[]) => {
      const done = await each(chosen, products.restore);
      if (done.length > 0) notify(t("products.was-restored", { n: done.length }), false, () => archive(done));
    };
    const archive = async (chosen: readonly Product[]): Promise<void> => {
      const done = await each(chosen, products.archive);
      if (done.length > 0) notify(t("products.was-archived", { n: done.length }), false, () => restore(done));
    };
    return { refresh, put, archive, restore };
  }, [cache, shop]);
}

export type Changes = ReturnType<typeof useChanges>;
