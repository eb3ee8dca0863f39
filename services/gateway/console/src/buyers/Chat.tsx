import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { watch } from "../api/calls";
import { Intention } from "../api/intention";
import type { BagItem, Comment } from "../api/types";
import { t } from "../i18n";
import { COMMENT, taken, trimmed } from "../lib/text";
import { clock } from "../lib/format";
import { Button } from "../ui/Button";
import { Select } from "../ui/Select";
import { TextField } from "../ui/TextField";
import type { ViewerToken } from "./viewerToken";
import type { Watching } from "./useWatching";
import { Badge } from "../ui/Badge";

interface Props {
  sessionId: string;
  viewer: ViewerToken;
  /** False once the LIVE is over, and in a replay: what was said stays, nothing can be added. */
  open: boolean;
  live: Watching;
  items: BagItem[];
  pinned: Comment | null;
  about: string;
  onAbout: (productId: string) => void;
}

export function Chat({ sessionId, viewer, open, live, items, pinned, about, onAbout }: Props) {
  const names = new Map(items.map((item) => [item.product.product_id, item.product.title]));
  const said = live.feed.items.filter((item) => item.kind === "comment");
  return (
    <>
      {pinned && (
        <div className="comment comment-pinned">
          <p className="comment-head">
            <strong>{pinned.from_host ? t("comments.host") : pinned.author_name}</strong>
            <Badge tone="info">{t("comments.pinned")}</Badge>
          </p>
          <p className="comment-text" dir="auto">{pinned.text}</p>
        </div>
      )}
      {open && <Write sessionId={sessionId} viewer={viewer} items={items} about={about} onAbout={onAbout} />}
      <ol className="chat feed-scroll" tabIndex={0} aria-label={t("watch.chat")}>
        {said.length === 0 && <li className="muted">{t(open ? "watch.quiet" : "watch.quiet-closed")}</li>}
        {said.map((item) => (
          <li key={item.subject_id} className={item.from_host ? "comment comment-host" : "comment"}>
            <p className="comment-head">
              <strong>{item.from_host ? t("comments.host") : item.viewer_name || t("activity.viewer")}</strong>
              {item.product_id && <span className="muted small comment-product">{names.get(item.product_id)}</span>}
              <time className="muted small tabular" dateTime={item.time}>{clock(item.time)}</time>
            </p>
            <p className="comment-text" dir="auto">{item.summary}</p>
          </li>
        ))}
      </ol>
    </>
  );
}

type WriteProps = Pick<Props, "sessionId" | "viewer" | "items" | "about" | "onAbout">;

function Write({ sessionId, viewer, items, about, onAbout }: WriteProps) {
  const [text, setText] = useState("");
  const [saying] = useState(() => new Intention());
  const send = useMutation({
    mutationFn: () =>
      saying.send([text, about], (key) => watch.comment(sessionId, viewer.token, trimmed(text), about, key)),
    onSuccess: () => {
      saying.done();
      setText("");
      onAbout("");
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (taken(text, COMMENT)) send.mutate();
  };
  return (
    <form className="stack chat-form" onSubmit={submit}>
      <Select
        label={t("watch.about")}
        value={about || "general"}
        onChange={(id) => onAbout(id === "general" ? "" : id)}
        choices={[
          { id: "general", text: t("watch.about-live") },
          ...items.map((item) => ({ id: item.product.product_id, text: item.product.title })),
        ]}
      />
      <div className="row">
        <TextField label={t("watch.write")} hideLabel placeholder={t("watch.write")} rule={COMMENT} value={text} onChange={setText} />
        <Button kind="primary" type="submit" isPending={send.isPending} isDisabled={!taken(text, COMMENT)}>
          {t("action.send")}
        </Button>
      </div>
    </form>
  );
}
