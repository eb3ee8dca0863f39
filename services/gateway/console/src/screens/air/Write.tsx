import Reply_ from "lucide-react/icons/reply";
import X from "lucide-react/icons/x";
import { type Dispatch, type FormEvent, type SetStateAction, useEffect, useRef, useState } from "react";
import { activity } from "../../api/calls";
import { Intention } from "../../api/intention";
import type { Activity, Session } from "../../api/types";
import { t } from "../../i18n";
import { COMMENT, taken, trimmed } from "../../lib/text";
import { Button } from "../../ui/Button";
import { TextField } from "../../ui/TextField";
import { useCommand } from "./useCommand";

/** What is being written to everyone, and the comment that it answers. */
export interface Reply {
  text: string;
  to: Activity | null;
}

export const NO_REPLY: Reply = { text: "", to: null };

interface Props {
  session: Session;
  reply: Reply;
  onReply: Dispatch<SetStateAction<Reply>>;
}

/** Writes to everyone; shows what it answers. */
export function Write({ session, reply, onReply }: Props) {
  const id = session.session_id;
  const { text, to } = reply;
  const form = useRef<HTMLFormElement>(null);
  const [saying] = useState(() => new Intention());
  useEffect(() => {
    if (to) form.current?.querySelector("input")?.focus();
  }, [to]);
  const send = useCommand<Reply>(id, {
    what: (said) => t("command.say", { text: trimmed(said.text) }),
    send: (said, how) => {
      const to = said.to?.subject_id ?? "";
      return saying.send([said.text, to], (key) => activity.reply(id, to, trimmed(said.text), key, how));
    },
    done: (said) => {
      saying.done();
      // What was typed while it was being sent stays.
      onReply((now) => (now === said ? NO_REPLY : now));
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (taken(text, COMMENT) && !send.isPending) send.mutate(reply);
  };
  const alone = () => onReply((now) => ({ ...now, to: null }));
  if (session.state === "prepared") return <p className="muted small">{t("comments.later")}</p>;
  return (
    <form ref={form} className="reply" onSubmit={submit} onKeyDown={(event) => event.key === "Escape" && alone()}>
      {to && (
        <div className="reply-to">
          <Reply_ size={14} aria-hidden />
          <p dir="auto">{t("comments.replying", { name: to.viewer_name ?? "", text: to.summary })}</p>
          <Button kind="quiet" small aria-label={t("action.cancel")} icon={<X aria-hidden />} onPress={alone} />
        </div>
      )}
      <div className="reply-row">
        <TextField label={t("comments.write")} hideLabel placeholder={t("comments.write")} rule={COMMENT} value={text} onChange={(text) => onReply((now) => ({ ...now, text }))} />
        <Button kind="primary" type="submit" isPending={send.isPending} isDisabled={!taken(text, COMMENT)}>
          {t("action.send")}
        </Button>
      </div>
    </form>
  );
}
