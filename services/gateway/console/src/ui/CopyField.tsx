import Check from "lucide-react/icons/check";
import Copy from "lucide-react/icons/copy";
import { useState } from "react";
import { t } from "../i18n";
import { Button } from "./Button";
import "./CopyField.css";

interface Props {
  /** What it is. */
  label: string;
  text: string;
}

/** Something to take elsewhere, such as an id or a link. Where the browser does not let it be copied, it can be selected. */
export function CopyField({ label, text }: Props) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setCopied(true);
    } catch {
      setCopied(false);
    }
  };
  return (
    <div className="field">
      <span className="label">{label}</span>
      <div className="copy-field">
        <code className="copy-text" data-text>{text}</code>
        <Button small onPress={copy} icon={copied ? <Check size={14} aria-hidden /> : <Copy size={14} aria-hidden />} aria-label={t("ui.copy", { name: label })}>
          <span aria-live="polite">{t(copied ? "ui.copied" : "ui.copy-short")}</span>
        </Button>
      </div>
    </div>
  );
}
