import { Link } from "@tanstack/react-router";
import { t } from "../../i18n";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";

interface Props {
  sessionId: string;
  /** Another window took over from this one; otherwise it was there first. */
  taken: boolean;
  isOpen: boolean;
  onTake: () => void;
}

/** Over a room that another window of the same person is: to become the Board, or to take over. */
export function Elsewhere({ sessionId, taken, isOpen, onTake }: Props) {
  return (
    <Dialog title={t(taken ? "one-room.taken" : "one-room.elsewhere")} isOpen={isOpen} onClose={() => undefined} stays>
      <p>{t(taken ? "one-room.taken-hint" : "one-room.elsewhere-hint")}</p>
      <footer className="dialog-foot">
        <Link to="/live/$sessionId/board" params={{ sessionId }} className="button button-secondary">{t("one-room.board")}</Link>
        <Button kind="primary" autoFocus onPress={onTake}>{t(taken ? "one-room.back" : "one-room.take")}</Button>
      </footer>
    </Dialog>
  );
}
