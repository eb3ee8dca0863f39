// How much room rows and controls take: remembered, and laid on the root element as `data-density`.

import { useEffect } from "react";
import { useStored } from "../lib/stored";

export type Density = "comfortable" | "compact";

const isDensity = (value: unknown): value is Density => value === "comfortable" || value === "compact";

export function useDensity() {
  const [density, setDensity] = useStored<Density>("density", "comfortable", isDensity);
  useEffect(() => {
    document.documentElement.dataset["density"] = density;
  }, [density]);
  return [density, setDensity] as const;
}
