import type { Tone } from "./Badge";

const TONES: Record<string, Tone> = { paid: "good", refunded: "warn", cancelled: "bad" };

/** How an order's state looks, wherever orders are shown. */
export const orderTone = (state: string | undefined): Tone => TONES[state ?? ""] ?? "neutral";
