// How the palette is opened from anywhere; its code comes when somebody is about to.

export interface PaletteProps {
  isOpen: boolean;
  onClose: () => void;
  /** What was typed before it was there. */
  typed: string;
}

export const load = () => import("./Palette");
export const asked = new EventTarget();

export const openPalette = (): void => void asked.dispatchEvent(new Event("open"));

export const preparePalette = (): void => void load().catch(() => undefined);
