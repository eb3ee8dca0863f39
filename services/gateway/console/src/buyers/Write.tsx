import Send from "lucide-react/icons/send-horizontal";
import X from "lucide-react/icons/x";
import { type FormEvent, type RefObject, useState } from "react";
import { t, type Key } from "../i18n";
import { COMMENT, length, problemOf, taken, trimmed, VIEWER_NAME } from "../lib/text";
import { told } from "./told";
import { useAct } from "./act";
import type { Joined } from "./useJoined";
import { rememberedName } from "./viewerToken";

interface WriteProps {
  field: RefObject<HTMLInputElement | null>;
  /** The title of the product that is asked about. */
  about: string;
  onGeneral: () => void;
  onSay: (text: string) => void;
}

/** Where a viewer writes. */
export function Write({ field, about, onGeneral, onSay }: WriteProps) {
  const [text, setText] = useState("");
  const wrong = problemOf(text, COMMENT);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!taken(text, COMMENT)) return;
    onSay(trimmed(text));
    setText("");
  };
  return (
    <form className="write" onSubmit={submit}>
      {about && (
        <p className="write-about">
          <span>{t("watch.asking", { title: about })}</span>
          <button type="button" aria-label={t("watch.ask-nothing")} onClick={onGeneral}><X size={16} aria-hidden /></button>
        </p>
      )}
      {wrong && <p className="write-wrong" role="alert">{t(`text.${wrong}` as Key, { n: length(text), most: COMMENT.maximum })}</p>}
      <div className="write-row">
        <input
          ref={field}
          value={text}
          onChange={(event) => setText(event.target.value)}
          aria-label={t("watch.write")}
          placeholder={t(about ? "watch.write-question" : "watch.write")}
          enterKeyHint="send"
          autoComplete="off"
          dir="auto"
        />
        <button type="submit" className="round write-send" aria-label={t("action.send")} disabled={!taken(text, COMMENT)}>
          <Send size={20} aria-hidden />
        </button>
      </div>
    </form>
  );
}

/** One press lets a viewer in; a name is theirs to give. */
export function Join({ field, joined }: { field: RefObject<HTMLInputElement | null>; joined: Joined }) {
  const [name, setName] = useState(rememberedName);
  const join = useAct(() => joined.join(trimmed(name)));
  const wrong = problemOf(name, VIEWER_NAME);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (taken(name, VIEWER_NAME)) join.run();
  };
  return (
    <form className="write" onSubmit={submit}>
      {wrong && <p className="write-wrong" role="alert">{t(`text.${wrong}` as Key, { n: length(name), most: VIEWER_NAME.maximum })}</p>}
      {join.error !== undefined && <p className="write-wrong" role="alert">{told(join.error)}</p>}
      <div className="write-row">
        <input
          ref={field}
          value={name}
          onChange={(event) => setName(event.target.value)}
          aria-label={t("watch.name")}
          placeholder={t("watch.name")}
          autoComplete="nickname"
          enterKeyHint="go"
          dir="auto"
        />
        <button type="submit" className="cta" aria-busy={join.pending} disabled={!taken(name, VIEWER_NAME)}>{t("watch.join")}</button>
      </div>
    </form>
  );
}
