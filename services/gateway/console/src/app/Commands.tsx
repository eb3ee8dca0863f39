import { useQueryClient } from "@tanstack/react-query";
import { type ComponentType, useEffect, useRef, useState } from "react";
import { keys } from "../api/queries";
import { t } from "../i18n";
import { useDensity } from "../ui/density";
import { notify } from "../ui/notices";
import { asked, load, type PaletteProps, preparePalette } from "./opening";

/** Ctrl-K, or Cmd-K on a Mac, opens the palette for whoever is signed in. */
export function Commands() {
  useDensity(); // holds on every page, also on those that show no switch for it
  const cache = useQueryClient();
  const [isOpen, setOpen] = useState(false);
  const [Palette, setPalette] = useState<ComponentType<PaletteProps>>();
  const typed = useRef("");
  const [began, setBegan] = useState("");
  useEffect(() => {
    const open = () => {
      if (cache.getQueryData(keys.me) === undefined) return;
      setOpen(true);
      typed.current = "";
      load().then(
        (module) => {
          setBegan(typed.current);
          setPalette(() => module.Palette);
        },
        () => {
          setOpen(false);
          notify(t("palette.failed"));
        },
      );
    };
    const pressed = (event: KeyboardEvent) => {
      if (event.key === "Control" || event.key === "Meta") preparePalette();
      if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
      event.preventDefault();
      if (!event.repeat) open();
    };
    window.addEventListener("keydown", pressed);
    asked.addEventListener("open", open);
    return () => {
      window.removeEventListener("keydown", pressed);
      asked.removeEventListener("open", open);
    };
  }, [cache]);
  useEffect(() => {
    if (!isOpen || Palette) return;
    // Nothing of what is typed meanwhile is lost, and none of it is a key of the page.
    const kept = (event: KeyboardEvent) => {
      if (event.key.length !== 1 || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      event.stopPropagation();
      typed.current += event.key;
    };
    window.addEventListener("keydown", kept, true);
    return () => window.removeEventListener("keydown", kept, true);
  }, [isOpen, Palette]);
  const close = () => {
    setOpen(false);
    setBegan("");
  };
  return Palette ? <Palette isOpen={isOpen} onClose={close} typed={began} /> : null;
}
