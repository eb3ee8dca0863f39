import { t } from "../../i18n";
import { Avatar } from "../../ui/Avatar";
import { Badge } from "../../ui/Badge";

interface Props {
  name: string;
  /** A quieter second line. */
  more?: string | null;
  isMe?: boolean;
}

/** A name with its letters beside it. Who was erased has none. */
export function PersonName({ name, more, isMe = false }: Props) {
  const shown = name || t("team.erased");
  return (
    <span className="person">
      <Avatar name={shown} />
      <span className="person-text">
        <span data-text={name ? true : undefined}>{shown} {isMe && <Badge>{t("team.you")}</Badge>}</span>
        {more && <span className="muted small" data-text>{more}</span>}
      </span>
    </span>
  );
}
