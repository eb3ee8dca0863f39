// What somebody has chosen for the bag of a LIVE, over all sources.

import type { ProductSet, ProductSource } from "../../../api/types";
import type { Chosen } from "./ProductChooser";

export interface Wanted {
  showcase: Chosen;
  sets: readonly ProductSet[];
  invited: Chosen;
  /** Invites and links that were written, one in a line. */
  invites: string;
  links: string;
}

export const linesOf = (text: string) => [...new Set(text.split(/\s+/).filter(Boolean))];

/** How many products would come into the bag. What a written invite or link leads to, only the services know: each counts. */
export function sizeOf(wanted: Wanted, held: ReadonlySet<string>): number {
  const ids = [...wanted.showcase.keys(), ...wanted.invited.keys(), ...wanted.sets.flatMap((set) => set.product_ids)];
  return new Set(ids.filter((id) => !held.has(id))).size + linesOf(wanted.invites).length + linesOf(wanted.links).length;
}

/** What is asked of the services, a source at a time. */
export function requestsOf({ showcase, sets, invited, invites, links }: Wanted): { source: ProductSource; references: string[] }[] {
  const offered = [...invited.values()].flatMap((one) => one.collab_invite ?? []);
  return [
    { source: "showcase" as const, references: [...showcase.keys()] },
    { source: "set" as const, references: sets.map((set) => set.product_set_id) },
    { source: "collab" as const, references: [...new Set([...offered, ...linesOf(invites)])] },
    { source: "link" as const, references: linesOf(links) },
  ].filter((one) => one.references.length > 0);
}

/** What is still wanted once a source has been added. */
export function without(wanted: Wanted, source: ProductSource): Wanted {
  if (source === "showcase") return { ...wanted, showcase: new Map() };
  if (source === "set") return { ...wanted, sets: [] };
  return source === "collab" ? { ...wanted, invited: new Map(), invites: "" } : { ...wanted, links: "" };
}
