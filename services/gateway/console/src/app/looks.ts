import { t } from "../i18n";
import { choose, language, languages, nameOf } from "../i18n/locale";
import { DENSITIES, useDensity } from "../ui/density";

interface Look {
  id: string;
  text: string;
  hint: string;
  act: () => void;
}

/** What a person may choose about how the console looks and reads, besides light and dark. */
export function useLooks(): Look[] {
  const [, setDensity, chosen] = useDensity();
  return [
    ...DENSITIES.filter((one) => one !== chosen).map((one) => ({ id: `density-${one}`, text: t(`density.${one}`), hint: t("density"), act: () => setDensity(one) })),
    ...languages.filter((one) => one !== language).map((one) => ({ id: `language-${one}`, text: nameOf(one), hint: t("language"), act: () => choose(one) })),
  ];
}
