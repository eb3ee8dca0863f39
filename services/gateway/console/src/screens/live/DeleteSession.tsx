import { useMutation, useQueryClient } from "@tanstack/react-query";
import { sessions } from "../../api/calls";
import { keys } from "../../api/queries";
import type { Session } from "../../api/types";
import { t } from "../../i18n";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import { notify } from "../../ui/notices";

interface Props {
  session: Session;
  onClose: () => void;
  onDeleted?: () => void;
}

/** A session that never went on air may go, with what was prepared in it. */
export function DeleteSession({ session, onClose, onDeleted }: Props) {
  const cache = useQueryClient();
  const remove = useMutation({
    mutationFn: () => sessions.remove(session.session_id),
    onSuccess: async () => {
      onDeleted?.();
      await cache.invalidateQueries({ queryKey: keys.sessions });
      notify(t("sessions.deleted", { title: session.title }));
    },
    onSettled: onClose,
  });
  return (
    <ConfirmDialog
      title={t("sessions.delete-title")}
      text={t("sessions.delete-text", { title: session.title })}
      action={t("sessions.delete")}
      isOpen
      busy={remove.isPending}
      onClose={onClose}
      onConfirm={() => remove.mutate()}
    />
  );
}
