import { useSyncExternalStore } from "react";

/** Whether a condition of the window holds, such as "(max-width: 700px)". */
export function useMedia(condition: string): boolean {
  return useSyncExternalStore(
    (changed) => {
      const media = window.matchMedia(condition);
      media.addEventListener("change", changed);
      return () => media.removeEventListener("change", changed);
    },
    () => window.matchMedia(condition).matches,
  );
}
