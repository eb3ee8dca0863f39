import { useMutation } from "@tanstack/react-query";
import { t } from "../../i18n";
import type { Lane } from "../../live/feed";
import type { Live } from "../../live/useLive";
import { Button } from "../../ui/Button";

/** Below the last line of a feed, while there are older ones. */
export function Older({ live, lanes }: { live: Live; lanes: readonly Lane[] }) {
  const load = useMutation({ mutationFn: () => live.loadOlder(lanes) });
  if (!live.hasOlder(lanes)) return null;
  return (
    <Button className="older" small isPending={load.isPending} onPress={() => load.mutate()}>
      {t("activity.older")}
    </Button>
  );
}
