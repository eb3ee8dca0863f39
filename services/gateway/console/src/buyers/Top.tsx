import Back from "lucide-react/icons/arrow-left";
import Desk from "lucide-react/icons/sliders-horizontal";
import Share from "lucide-react/icons/share-2";
import { useEffect, useState } from "react";
import type { Session } from "../api/types";
import { watch } from "../api/watch";
import { t } from "../i18n";
import { base } from "../lib/base";
import { zoned } from "../lib/format";
import { mayBeStaff } from "../lib/staff";
import { useAct } from "./act";
import { isFollowed, rememberFollowed } from "./known";
import { LIST, roomPath } from "./paths";
import { toast } from "./toasts";
import { told } from "./told";
import type { Joined } from "./useJoined";

interface Props {
  session: Session;
  joined: Joined;
  open: boolean;
}

/** Whose LIVE it is, how it stands, and what one can do for it. */
export function Top({ session, joined, open }: Props) {
  const { session_id: id } = session;
  return (
    <header className="top">
      <a href={LIST} className="round" aria-label={t("watch.all")}><Back size={22} aria-hidden /></a>
      <div className="top-words">
        <h1 dir="auto">{session.title}</h1>
        <p className="top-state">
          <State session={session} />
        </p>
      </div>
      <Staff session={session} />
      {open && <Follow session={session} joined={joined} />}
      {open && <ShareButton sessionId={id} joined={joined} />}
    </header>
  );
}

function State({ session: { state, source, simulated, start_time: start } }: { session: Session }) {
  const mock = simulated && <span className="live-badge live-badge-over">{t("source.simulated")}</span>;
  if (state !== "live")
    return (
      <>
        <span className="live-badge live-badge-over">{t("state.ended")}</span>
        {mock}
      </>
    );
  return (
    <>
      <span className="live-badge">{source === "replay" ? t("source.replay") : t("state.live")}</span>
      {mock}
      {start && <span className="top-start">{t("session.started", { time: zoned(start) })}</span>}
    </>
  );
}

function Follow({ session: { session_id: id, account_id: account }, joined }: { session: Session; joined: Joined }) {
  const [followed, setFollowed] = useState(() => isFollowed(account));
  const follow = useAct(async () => {
    const { token } = await joined.ensure();
    await watch.follow(id, token);
    rememberFollowed(account);
    setFollowed(true);
  });
  useEffect(() => {
    if (follow.error !== undefined) toast(told(follow.error));
  }, [follow.error]);
  return (
    <button type="button" className={followed ? "follow follow-on" : "follow"} aria-busy={follow.pending} disabled={followed} onClick={() => follow.run()}>
      {t(followed ? "watch.following" : "watch.follow")}
    </button>
  );
}

function ShareButton({ sessionId, joined }: { sessionId: string; joined: Joined }) {
  const share = async () => {
    const address = new URL(`${roomPath(sessionId)}?channel=share`, location.href).href;
    const shared = navigator.share ? await navigator.share({ title: document.title, url: address }).then(() => true, () => false) : await copied(address);
    if (shared && joined.viewer) await watch.share(sessionId, joined.viewer.token).catch(() => undefined);
  };
  return <button type="button" className="round" aria-label={t("watch.share")} onClick={() => void share()}><Share size={20} aria-hidden /></button>;
}

async function copied(address: string): Promise<boolean> {
  // A browser may forbid the clipboard; then the address is shown to be copied by hand.
  const done = await navigator.clipboard?.writeText(address).then(() => true, () => false);
  toast(done ? t("watch.shared") : address);
  return true;
}

/** The way back for those who work at this LIVE; nobody else sees it, and nobody else's browser asks. */
function Staff({ session: { session_id: id } }: { session: Session }) {
  const [works, setWorks] = useState(false);
  useEffect(() => {
    let here = true;
    if (mayBeStaff()) void watch.isStaff(id).then((known) => here && setWorks(known));
    return () => void (here = false);
  }, [id]);
  if (!works) return null;
  return (
    <a className="staff" href={`${base}live/${encodeURIComponent(id)}`} aria-label={t("watch.staff")}>
      <Desk size={18} aria-hidden />
      <span>{t("watch.staff")}</span>
    </a>
  );
}
