// How much room rows and controls take: remembered, and laid on the root element as `data-density`.

import { useEffect } from "react";
import { useStored } from "../lib/stored";

export type Density = "comfortable" | "compact";
/** "auto": rows are compact where numbers are, comfortable elsewhere. */
export type DensityChoice = Density | "auto";

export const DENSITIES: readonly DensityChoice[] = ["auto", "compact", "comfortable"];
const isChoice = (value: unknown): value is DensityChoice => DENSITIES.some((one) => one === value);

export function useDensity() {
  const [choice, choose] = useStored<DensityChoice>("density", "auto", isChoice);
  const density: Density = choice === "auto" ? "comfortable" : choice;
  useEffect(() => {
    document.documentElement.dataset["density"] = density;
  }, [density]);
  return [density, choose, choice] as const;
}
