import type { Session } from "../../api/types";

export const TABS = ["recap", "minutes", "products", "audience", "comments", "orders", "exports"] as const;
export type TabId = (typeof TABS)[number];

/** Of imported history only totals are known: one page instead of empty ones. */
export const tabsOf = ({ source }: Pick<Session, "source">): readonly TabId[] => (source === "import" ? ["recap"] : TABS);
