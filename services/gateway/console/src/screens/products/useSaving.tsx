import { useMutation } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import type { Patch } from "../../api/products";
import type { Product } from "../../api/types";
import { notifyProblem, TOLD_IN_PLACE } from "../../ui/notices";
import { type Clash, ConflictDialog } from "./ConflictDialog";
import { Conflict, save } from "./saving";
import type { Changes } from "./useChanges";

interface Wanted {
  seen: Product;
  patch: Patch;
}

export interface Saving {
  /** The product as it is afterwards; null when it was refused or left as somebody else has it. */
  save: (seen: Product, patch: Patch) => Promise<Product | null>;
  wanted: Wanted | undefined;
  /** The question about a conflict, while there is one. */
  dialog: ReactNode;
}

/** Saves changes of products, and asks when somebody else changed the same. */
export function useSaving(changes: Changes): Saving {
  const [clash, setClash] = useState<(Clash & { settle: (product: Product | null) => void }) | null>(null);
  const change = useMutation({
    mutationFn: ({ seen, patch }: Wanted) => save(seen, patch),
    meta: TOLD_IN_PLACE,
    onSuccess: changes.put,
  });
  const saveIt = async (seen: Product, patch: Patch): Promise<Product | null> => {
    try {
      return await change.mutateAsync({ seen, patch });
    } catch (error) {
      if (error instanceof Conflict) return new Promise((settle) => setClash({ seen, patch, conflict: error, settle }));
      notifyProblem(error);
      return null;
    }
  };
  const dialog = clash && (
    <ConflictDialog
      clash={clash}
      busy={change.isPending}
      onTheirs={(current) => {
        changes.put(current);
        setClash(null);
        clash.settle(null);
      }}
      onMine={async (current, patch) => {
        setClash(null);
        clash.settle(await saveIt(current, patch));
      }}
    />
  );
  return { save: saveIt, wanted: change.isPending ? change.variables : undefined, dialog };
}
