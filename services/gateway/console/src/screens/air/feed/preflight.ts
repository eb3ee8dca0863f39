// What should stand before a LIVE starts.

import type { Session } from "../../../api/types";
import type { Capture } from "./useCapture";

export const CHECKS = ["title", "products", "camera", "microphone"] as const;
export type Check = (typeof CHECKS)[number];

/** What is not there yet, in the order of the list. */
export function missingOf(session: Pick<Session, "title" | "bag_size">, capture: Pick<Capture, "stream">): Check[] {
  const tracks = capture.stream;
  const there: Record<Check, boolean> = {
    title: session.title.trim() !== "",
    products: (session.bag_size ?? 0) > 0,
    camera: (tracks?.getVideoTracks().length ?? 0) > 0,
    microphone: (tracks?.getAudioTracks().length ?? 0) > 0,
  };
  return CHECKS.filter((check) => !there[check]);
}
