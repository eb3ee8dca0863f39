// A text of the session that two people may edit at once.

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { sessions } from "../../api/calls";
import { keys } from "../../api/queries";
import type { Session } from "../../api/types";
import { overNewest } from "./newest";

export interface Draft {
  /** What is being written; null while nobody edits. */
  value: string | null;
  edit: (value: string) => void;
  discard: () => void;
  save: () => void;
  isSaving: boolean;
  /** What somebody else has made of it since editing began; null while nobody has. */
  theirs: string | null;
  /** What it was when editing began. */
  base: string;
  /** Saves over what somebody else wrote, now that it has been seen. */
  keepMine: () => void;
}

/**
 * Sends the version in which the text was as it was when editing began. A change to anything else in the session is no
 * conflict: then it is sent again with the newer version. A change to this text is shown, and the person decides.
 */
export function useDraft(
  session: Session,
  read: (session: Session) => string,
  send: (value: string, version: number) => Promise<{ session: Session }>,
  done?: () => void,
): Draft {
  const cache = useQueryClient();
  const key = keys.session(session.session_id);
  const [draft, setDraft] = useState<{ value: string; base: string } | null>(null);

  const save = useMutation({
    mutationFn: async ({ value, base }: { value: string; base: string }) => {
      const again = async () => {
        const { session: newest } = await sessions.get(session.session_id);
        cache.setQueryData(key, newest);
        return newest;
      };
      return overNewest(session, again, async (seen) => {
        if (read(seen) !== base) return false;
        const { session: saved } = await send(value, seen.version);
        // At once, so that the field never shows the text of before between the draft and what is read again.
        cache.setQueryData(key, saved);
        return true;
      });
    },
    onSuccess: (saved, { value }) => {
      if (!saved) return;
      // What was typed while it was being saved stays, on top of what was saved.
      setDraft((draft) => (draft && draft.value !== value ? { value: draft.value, base: value } : null));
      done?.();
    },
    onSettled: () => cache.invalidateQueries({ queryKey: key }),
  });

  const now = read(session);
  // Their text that is word for word mine is mine: its answer was lost.
  const theirs = draft && !save.isPending && now !== draft.base && now.trim() !== draft.value.trim() ? now : null;
  return {
    value: draft?.value ?? null,
    edit: (value) => setDraft({ value, base: draft?.base ?? now }),
    discard: () => setDraft(null),
    save: () => draft && save.mutate(draft),
    isSaving: save.isPending,
    theirs,
    base: draft?.base ?? now,
    keepMine: () => {
      if (!draft) return;
      const over = { value: draft.value, base: now };
      setDraft(over);
      save.mutate(over);
    },
  };
}
