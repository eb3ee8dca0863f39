// Which lines of the feed are questions, and which of them wait for an answer.

import type { Activity } from "../api/types";

const ASKS = /[?？؟]\s*$/;

/** About a product, or with a question mark at its end. */
export const isQuestion = (line: Activity) =>
  line.kind === "comment" && !line.from_host && (Boolean(line.product_id) || ASKS.test(line.summary));

/** Questions that nobody of the host's side has answered, the one that waits longest first. */
export function unanswered(lines: readonly Activity[]): Activity[] {
  const answered = new Set(lines.filter((line) => line.from_host).map((line) => line.reply_to));
  return lines.filter((line) => isQuestion(line) && !answered.has(line.subject_id)).reverse();
}
