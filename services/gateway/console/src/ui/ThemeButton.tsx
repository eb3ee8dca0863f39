import { t } from "../i18n";
import { toggleTheme, useTheme } from "../lib/theme";
import { Button } from "./Button";

export function ThemeButton() {
  const theme = useTheme();
  const label = theme === "dark" ? t("theme.light") : t("theme.dark");
  return (
    <Button kind="quiet" small aria-label={label} onPress={toggleTheme}>
      <span aria-hidden="true" className={`icon icon-${theme}`} />
    </Button>
  );
}
