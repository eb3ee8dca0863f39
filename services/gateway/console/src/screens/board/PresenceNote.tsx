import type { PresenceSource } from "../../api/types";
import { named } from "../../i18n";

/** What viewers now, peak and watch time rest on, in a few words; nothing while nothing is known. */
export function PresenceNote({ source }: { source: PresenceSource | undefined }) {
  if (!source || source === "unspecified") return null;
  return (
    <span className="presence-note" title={named("presence", `${source}.hint`)} data-presence={source}>
      {named("presence", source)}
    </span>
  );
}
