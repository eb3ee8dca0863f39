import { Problem } from "../api/client";
import { named, t } from "../i18n";

/** Why something was not done, in a buyer's words; never those of the API. */
export const told = (error: unknown): string =>
  error instanceof Problem ? named("refusal", error.code, t("watch.unknown")) : t("watch.unknown");
