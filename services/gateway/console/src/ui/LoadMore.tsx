import { t } from "../i18n";
import { Button } from "./Button";
import "./LoadMore.css";

interface Props {
  onMore: () => void;
  isLoading: boolean;
  /** How much is shown, such as "50 of 312". */
  shown?: string;
}

/** Below a list that comes in pages. */
export function LoadMore({ onMore, isLoading, shown }: Props) {
  return (
    <div className="load-more">
      <Button isPending={isLoading} onPress={onMore}>{t("action.more")}</Button>
      {shown && <span className="muted small tabular">{shown}</span>}
    </div>
  );
}
