/** The groups of metrics, in the order in which they are listed. */
export const GROUPS = ["sales", "traffic", "engagement", "products"] as const;
