import { t } from "../i18n";
import { choose, language, languages, nameOf } from "../i18n/locale";
import { DENSITIES, type DensityChoice, useDensity } from "../ui/density";
import { SegmentedControl } from "../ui/SegmentedControl";
import { Select } from "../ui/Select";

/** How large rows are, and in which language the console speaks: kept in this browser. */
export function LooksForm() {
  const [, setDensity, chosen] = useDensity();
  return (
    <div className="looks">
      <div className="looks-part">
        <span className="looks-name">{t("density")}</span>
        <SegmentedControl<DensityChoice>
          label={t("density")}
          value={chosen}
          onChange={setDensity}
          choices={DENSITIES.map((id) => ({ id, text: t(`density.${id}`) }))}
        />
        <span className="muted small">{t(`density.${chosen}-hint`)}</span>
      </div>
      <Select label={t("language")} value={language} onChange={choose} choices={languages.map((id) => ({ id, text: nameOf(id) }))} />
      <p className="muted small">{t("looks.kept")}</p>
    </div>
  );
}
