import Search from "lucide-react/icons/search";
import X from "lucide-react/icons/x";
import { Button, Group, Input, SearchField as AriaSearch } from "react-aria-components";
import { t } from "../i18n";
import { cut } from "../lib/text";
import "./Field.css";
import "./SearchField.css";

const MOST = 100;

interface Props {
  /** What is searched; stands in the empty field, too. */
  label: string;
  value: string;
  onChange: (value: string) => void;
}

/** Escape and the cross clear it. */
export function SearchField({ label, value, onChange }: Props) {
  return (
    <AriaSearch className="field search" aria-label={label} value={value} onChange={(text) => onChange(cut(text, MOST))}>
      <Group className="input input-frame">
        <Search size={15} aria-hidden />
        <Input placeholder={label} />
        {value !== "" && (
          <Button className="input-action" aria-label={t("ui.clear-search")}>
            <X size={14} aria-hidden />
          </Button>
        )}
      </Group>
    </AriaSearch>
  );
}
