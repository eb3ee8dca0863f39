import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { watch } from "../api/calls";
import { useWatch } from "../api/queries";
import type { Session } from "../api/types";
import { t } from "../i18n";
import { taken, trimmed, VIEWER_NAME } from "../lib/text";
import { useTitle } from "../lib/title";
import { Connection } from "../live/Connection";
import { FeedProblem } from "../live/FeedProblem";
import { SessionBadges } from "../ui/SessionBadges";
import { Banner } from "../ui/Banner";
import { Button } from "../ui/Button";
import { TextField } from "../ui/TextField";
import { EmptyState } from "../ui/EmptyState";
import { ProblemNote } from "../ui/Notes";
import { Skeleton } from "../ui/Skeleton";
import { isNoSession } from "../ui/SessionProblem";
import { Frame, Link } from "./Frame";
import { Chat } from "./Chat";
import { rememberToken, tokenOf } from "./known";
import { rememberedName, type ViewerToken, useViewerToken } from "./viewerToken";
import { channelOf, LIST } from "./paths";
import { Stage } from "./Stage";
import { useWatching } from "./useWatching";

export function WatchPage({ sessionId }: { sessionId: string }) {
  const view = useWatch(sessionId);
  useTitle(view.data?.session.title ?? t("watch"));
  const gone = isNoSession(view.error);
  return (
    <Frame>
      {view.isPending && <Skeleton lines={6} />}
      {gone && (
        <EmptyState title={t("watch.gone")}>
          <Link to={LIST}>{t("watch")}</Link>
        </EmptyState>
      )}
      {view.error && !gone && <ProblemNote error={view.error} retry={() => void view.refetch()} />}
      {view.data && <Room sessionId={sessionId} session={view.data.session} />}
    </Frame>
  );
}

function Room({ sessionId, session }: { sessionId: string; session: Session }) {
  const view = useWatch(sessionId);
  const [viewer, setViewer] = useViewerToken(sessionId);
  const onAir = session.state === "live";
  // A replay shows only what was recorded: nobody can add to it.
  const replayed = session.source === "replay";
  const open = onAir && !replayed;
  const live = useWatching(sessionId, viewer, onAir, () => setViewer(null));
  const [about, setAbout] = useState("");
  return (
    <>
      <header className="page-head">
        <div>
          <h1>{session.title}</h1>
          <SessionBadges session={session}>
            <Connection live={live} />
          </SessionBadges>
        </div>
      </header>
      {!onAir && <Banner>{t("watch.over")}</Banner>}
      {onAir && replayed && <Banner>{t("watch.replay")}</Banner>}
      <div className="room">
        <Stage
          sessionId={sessionId}
          items={view.data?.items ?? []}
          viewer={open ? viewer : null}
          pretence={view.data?.test_checkout ?? false}
          onAsk={setAbout}
        />
        <section className="panel room-chat" aria-labelledby="chat-title">
          <h2 id="chat-title">{t("watch.chat")}</h2>
          <FeedProblem live={live} />
          {!onAir && !viewer && <p className="muted">{t("watch.closed")}</p>}
          {viewer && (
            <Chat
              sessionId={sessionId}
              viewer={viewer}
              open={open}
              live={live}
              items={view.data?.items ?? []}
              pinned={view.data?.pinned_comment ?? null}
              about={about}
              onAbout={setAbout}
            />
          )}
          {onAir && !viewer && <Join session={session} replayed={replayed} onJoin={setViewer} />}
        </section>
      </div>
    </>
  );
}

interface JoinProps {
  session: Session;
  replayed: boolean;
  onJoin: (viewer: ViewerToken) => void;
}

function Join({ session, replayed, onJoin }: JoinProps) {
  const [name, setName] = useState(rememberedName);
  const join = useMutation({
    mutationFn: () =>
      watch.join(session.session_id, trimmed(name), channelOf(location.search), replayed ? "" : tokenOf(session.account_id)),
    onSuccess: ({ viewer_token: token }) => {
      rememberToken(session.account_id, token, replayed);
      onJoin({ token, name: trimmed(name) });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (taken(name, VIEWER_NAME)) join.mutate();
  };
  return (
    <form className="stack join" onSubmit={submit}>
      <p className="muted">{t(replayed ? "watch.replay-join" : "watch.join-hint")}</p>
      <TextField label={t("watch.name")} rule={VIEWER_NAME} value={name} onChange={setName} autoComplete="nickname" />
      <Button kind="primary" type="submit" isPending={join.isPending} isDisabled={!taken(name, VIEWER_NAME)}>
        {t("watch.join")}
      </Button>
    </form>
  );
}
