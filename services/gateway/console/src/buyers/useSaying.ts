import { useState } from "react";
import { Intention } from "../api/intention";
import { watch } from "../api/watch";
import type { Joined } from "./useJoined";

/** What the viewer has said here: shown at once, and until the stream tells it. */
export interface Said {
  key: number;
  text: string;
  /** The product that it is about; "" for none. */
  about: string;
  state: "sending" | "said" | "failed";
  error: unknown;
  /** The comment's id once it is known. */
  id: string;
  saying: Intention;
}

let nextKey = 1;

export function useSaying(sessionId: string, { ensure }: Joined) {
  const [own, setOwn] = useState<readonly Said[]>([]);
  const change = (key: number, next: Partial<Said>) =>
    setOwn((before) => before.map((one) => (one.key === key ? { ...one, ...next } : one)));
  const send = async ({ key, text, about, saying }: Said) => {
    change(key, { state: "sending" });
    try {
      const { token } = await ensure();
      const answer = await saying.send([text, about], (once) => watch.comment(sessionId, token, text, about, once));
      change(key, { state: "said", id: answer.comment_id ?? "" });
    } catch (error) {
      change(key, { state: "failed", error });
    }
  };
  const say = (text: string, about: string) => {
    const said: Said = { key: nextKey++, text, about, state: "sending", error: undefined, id: "", saying: new Intention() };
    setOwn((before) => [...before, said]);
    void send(said);
  };
  return { own, say, again: (said: Said) => void send(said) };
}
