import { useEffect, useRef } from "react";
import type { Session } from "../api/types";
import { watch } from "../api/watch";
import { rememberToken, tokenOf } from "./known";
import { channelOf } from "./paths";
import { rememberedName, useViewerToken, type ViewerToken } from "./viewerToken";

export interface Joined {
  viewer: ViewerToken | null;
  /** Joins under a name, "" for none. */
  join: (name: string) => Promise<ViewerToken>;
  /** Who has joined; whoever has not joins now. */
  ensure: () => Promise<ViewerToken>;
  lose: () => void;
}

/** Who is watching. Whoever was here before is let in at once, and so is everybody who only looks on at a replay. */
export function useJoined(session: Session): Joined {
  const { session_id: id, account_id: account } = session;
  const [viewer, setViewer] = useViewerToken(id);
  const replayed = session.source === "replay";
  const open = session.state === "live";
  const under = useRef<Promise<ViewerToken> | null>(null);
  const tried = useRef(false);
  const join = (name: string) => {
    tried.current = true; // whoever joined and leaves is not let in again on the way out
    under.current ??= watch
      .join(id, name, channelOf(location.search), replayed ? "" : tokenOf(account))
      .then(({ viewer_token: token }) => {
        rememberToken(account, token, replayed);
        const joined = { token, name };
        setViewer(joined);
        return joined;
      })
      .finally(() => (under.current = null));
    return under.current;
  };
  const knows = replayed || tokenOf(account) !== "";
  useEffect(() => {
    if (viewer || !open || !knows || tried.current) return; // once: then a person says so
    join(rememberedName()).catch(() => undefined);
  });
  useEffect(() => {
    // The browser's back button brings the page back as it was, but whoever had joined has left.
    const back = (event: PageTransitionEvent) => {
      if (event.persisted) tried.current = false;
    };
    window.addEventListener("pageshow", back);
    return () => window.removeEventListener("pageshow", back);
  }, []);
  return {
    viewer,
    join,
    ensure: () => (viewer ? Promise.resolve(viewer) : join(rememberedName())),
    lose: () => setViewer(null),
  };
}
