import type { ReactNode } from "react";
import { useDensity } from "./density";

/** Rows of numbers: of 40 px, unless somebody chose a density for everything. */
export function Dense({ children, className }: { children: ReactNode; className?: string }) {
  const [density, , choice] = useDensity();
  return <div data-density={choice === "auto" ? "compact" : density} className={className}>{children}</div>;
}
