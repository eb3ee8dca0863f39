import { useEffect, useRef, useSyncExternalStore } from "react";

const wide = matchMedia("(min-width: 1100px)");

const subscribe = (listener: () => void) => {
  wide.addEventListener("change", listener);
  return () => wide.removeEventListener("change", listener);
};

/** Whether there is room for the bag beside the picture. */
export const useWide = () => useSyncExternalStore(subscribe, () => wide.matches);

/** A ref for what is as tall as the part of the window that the keyboard of a phone leaves. */
export function useSeen() {
  const box = useRef<HTMLElement>(null);
  useEffect(() => {
    const seen = window.visualViewport;
    if (!seen) return undefined;
    const fit = () => {
      if (seen.scale > 1.01) return; // enlarged by a person, who then moves about
      box.current?.style.setProperty("--seen", `${seen.height}px`);
      box.current?.style.setProperty("--above", `${seen.offsetTop}px`);
    };
    fit();
    seen.addEventListener("resize", fit);
    seen.addEventListener("scroll", fit);
    return () => {
      seen.removeEventListener("resize", fit);
      seen.removeEventListener("scroll", fit);
    };
  }, []);
  return box;
}
