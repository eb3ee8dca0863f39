// How people arrive: by a sign-in link, whose code stands behind the hash so that no server's log and no referrer holds it,
// by a link to a list as somebody saw it, and by the addresses of before, when every page stood behind the hash.

import { base } from "../lib/base";
import { keep } from "../lib/stored";

let code = "";

/** The code of the sign-in link that the page was opened by; "" when there is none. */
export const signInCode = (): string => code;

/** A link works once. */
export function forgetCode(): void {
  code = "";
}

/** The path of today, below the base, for what stood behind the hash before; null for any other hash. */
export function pathOf(hash: string): string | null {
  if (!hash.startsWith("#/")) return null;
  const [, path = "", query = ""] = /^#\/([^?]*)(\?.*)?$/.exec(hash) ?? [];
  const [screen, id] = path.split("/");
  const own = new URLSearchParams(query).has("own");
  if (screen === "session" && id) return own ? `live/${id}/air${query}` : `live/${id}`;
  if (screen === "board" && id) return `live/${id}/board`;
  if (screen === "analytics") return id ? `live/${id}/review` : "analytics/sessions";
  return path + query;
}

/** Reads the address once, before the router does. True when the browser is leaving for the viewers' pages. */
export function arrive(): boolean {
  // A link that is opened in a window that shows the console already changes the hash alone.
  window.addEventListener("hashchange", () => isLink(location.hash) && location.reload());
  const path = pathOf(location.hash);
  const leaving = path !== null && /^watch(\/|\?|$)/.test(path);
  if (leaving) location.replace(base + path);
  else if (path !== null) history.replaceState(null, "", base + path);
  // A link from somebody's list shows it as they saw it.
  const place = new URLSearchParams(location.search).get("for");
  if (place) keep("seat", place);
  const behind = new URLSearchParams(location.hash.slice(1)).get("link");
  code = behind ?? new URLSearchParams(location.search).get("link") ?? "";
  if (code) history.replaceState(null, "", `${base}sign-in`);
  return leaving;
}

const isLink = (hash: string) => hash.startsWith("#/") || hash.startsWith("#link=");
