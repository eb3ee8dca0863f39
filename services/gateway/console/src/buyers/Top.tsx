import Back from "lucide-react/icons/arrow-left";
import Desk from "lucide-react/icons/sliders-horizontal";
import Share from "lucide-react/icons/share-2";
import Eye from "lucide-react/icons/eye";
import { useEffect, useState } from "react";
import type { Seller, Session } from "../api/types";
import { watch } from "../api/watch";
import { t } from "../i18n";
import { base } from "../lib/base";
import { count, zoned } from "../lib/format";
import { mayBeStaff } from "../lib/staff";
import { hue, initials } from "../ui/initials";
import { useAct } from "./act";
import { useAsked } from "./asked";
import { isFollowed, rememberFollowed } from "./known";
import { LIST } from "./paths";
import { toast } from "./toasts";
import { told } from "./told";
import type { Joined } from "./useJoined";

interface Props {
  session: Session;
  joined: Joined;
  open: boolean;
  seller: Seller | undefined;
  onShare: () => void;
}

const EVERY_MS = 15_000;

/** Whose LIVE it is, how it stands, and what one can do for it. */
export function Top({ session, joined, open, seller, onShare }: Props) {
  const host = seller?.account_name || seller?.shop_name || "";
  return (
    <header className="top">
      <a href={LIST} className="round" aria-label={t("watch.all")}><Back size={22} aria-hidden /></a>
      {host && <span className={`avatar avatar-medium hue-${hue(host)}`} aria-hidden="true" translate="no">{initials(host)}</span>}
      <div className="top-words">
        <h1 dir="auto">{session.title}</h1>
        <p className="top-state">
          <State session={session} />
          {session.state === "live" && session.source !== "replay" && <Viewers sessionId={session.session_id} />}
          {host && <span className="top-host" dir="auto">{host}</span>}
        </p>
      </div>
      <Staff session={session} />
      {open && <Follow session={session} joined={joined} />}
      {open && <button type="button" className="round" aria-label={t("watch.share")} onClick={onShare}><Share size={20} aria-hidden /></button>}
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

/** How many are here; nothing until that is known. */
function Viewers({ sessionId }: { sessionId: string }) {
  const now = useAsked(() => watch.viewers(sessionId), EVERY_MS, (_known, next) => next).data?.viewers_now;
  if (typeof now !== "number") return null;
  return (
    <span className="top-viewers">
      <Eye size={14} aria-hidden />
      <span aria-hidden="true">{count(now)}</span>
      <span className="visually-hidden">{t("watch.viewers", { n: now })}</span>
    </span>
  );
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
