import { t } from "../i18n";
import { Button } from "./Button";

/** Fills the whole screen with this window, and back. `named` shows the words beside the icon. */
export function FullScreen({ named = false }: { named?: boolean }) {
  if (!document.fullscreenEnabled) return null;
  const toggle = () =>
    document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen();
  return (
    <Button
      kind={named ? "secondary" : "quiet"}
      small={!named}
      aria-label={t("board.full-screen")}
      onPress={() => void toggle().catch(() => undefined)}
    >
      <span aria-hidden="true" className="icon icon-full" />
      {named && t("board.full-screen")}
    </Button>
  );
}
