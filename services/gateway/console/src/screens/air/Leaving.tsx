import { useBlocker } from "@tanstack/react-router";
import { t } from "../../i18n";
import { ConfirmDialog } from "../../ui/ConfirmDialog";

/** Asks before a room that is on air is left: by a link, by going back, or by closing the window. */
export function Leaving({ sessionId, onAir }: { sessionId: string; onAir: boolean }) {
  const leave = useBlocker({
    shouldBlockFn: ({ next }) => onAir && !next.pathname.endsWith(`/live/${sessionId}/air`),
    enableBeforeUnload: onAir,
    withResolver: true,
  });
  return (
    <ConfirmDialog
      title={t("leave")}
      text={t("leave.hint")}
      action={t("leave.go")}
      busy={false}
      isOpen={leave.status === "blocked"}
      onClose={() => leave.reset?.()}
      onConfirm={() => leave.proceed?.()}
    />
  );
}
