import type { Registry } from "../../api/queries";
import { t } from "../../i18n";
import { Button } from "../../ui/Button";
import { part } from "../../ui/part";
import { Popover } from "../../ui/Popover";
import { Skeleton } from "../../ui/Skeleton";
import type { ColumnListProps } from "./ColumnList";

interface Props {
  metrics: Registry;
  chosen: string[];
  onChange: (names: string[]) => void;
  label?: string;
  most?: number;
}

const ColumnList = part<ColumnListProps>(() => import("./ColumnList").then((file) => file.ColumnList), () => <Skeleton lines={10} />);

/** The metrics that are shown, to choose anew. */
export function Columns({ metrics, chosen, onChange, label = t("columns"), most = 12 }: Props) {
  return (
    <Popover
      label={label}
      className="popover-columns"
      body="columns"
      trigger={<Button>{label} <span className="muted">{chosen.length}</span></Button>}
    >
      <ColumnList metrics={metrics} chosen={chosen} onChange={onChange} label={label} most={most} />
    </Popover>
  );
}
