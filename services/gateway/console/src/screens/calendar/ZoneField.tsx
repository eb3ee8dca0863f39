import { useMemo } from "react";
import { t } from "../../i18n";
import { zoneName } from "../../lib/format";
import { zonesFrom } from "../../lib/zones";
import { ComboBox } from "../../ui/ComboBox";

interface Props {
  zone: string;
  /** Zones in which events were planned: offered first. */
  used: readonly string[];
  onChange: (zone: string) => void;
  /** Its label is read out only. */
  bare?: boolean;
}

/** The zone in which times are shown or planned, by its IANA name. */
export function ZoneField({ zone, used, onChange, bare = true }: Props) {
  const key = [...new Set(used)].sort().join();
  const choices = useMemo(() => {
    const own = zoneName();
    return zonesFrom([zone, ...key.split(",").filter(Boolean)]).map((id) => ({ id, text: id === own ? t("event.own-zone", { zone: id }) : id }));
  }, [zone, key]);
  return (
    <div className={bare ? "cal-zone" : undefined}>
      <ComboBox label={t("event.zone")} hideLabel={bare} value={zone} choices={choices} onChange={(next) => next && onChange(next)} />
    </div>
  );
}
