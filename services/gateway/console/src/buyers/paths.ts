// The buyers' pages have two addresses. Each is a page of its own: the gateway's policy of a LIVE's page lets that LIVE's
// stream in, and no other page may load it.

import { base } from "../lib/base";

/** How a viewer may say that they came here. */
const CHANNELS = ["feed", "promoted", "following", "search", "shop", "profile", "share"];

export const LIST = `${base}watch`;
export const roomPath = (sessionId: string) => `${LIST}/${encodeURIComponent(sessionId)}`;

/** The channel that an address names; "other" when it names none that is known. */
export const channelOf = (search: string): string => {
  const named = new URLSearchParams(search).get("channel");
  return CHANNELS.find((one) => one === named) ?? "other";
};

/** The id of the LIVE that a path below `list` names; null for the list itself. */
export function roomOf(path: string, list = LIST): string | null {
  const named = path.slice(list.length + 1).split("/")[0];
  return named ? decodeURIComponent(named) : null;
}
