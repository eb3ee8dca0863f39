import Check from "lucide-react/icons/check";
import Copy from "lucide-react/icons/copy";
import { useEffect, useRef, useState } from "react";
import { t } from "../i18n";
import { base } from "../lib/base";
import { Button } from "./Button";
import { ExternalLink } from "./Link";
import { part } from "./part";
import "./ViewersLink.css";

const COPIED_MS = 2_000;

/** The code is drawn by what only this part needs; its place is held meanwhile. */
const ViewersCode = part<{ address: string }>(() => import("./ViewersCode").then((file) => file.ViewersCode), () => <span className="viewers-code" />);

export const viewersLink = (sessionId: string) => `${location.origin}${base}watch/${encodeURIComponent(sessionId)}`;

interface Props {
  sessionId: string;
  /** Viewers can come in. */
  open: boolean;
}

/** The address for viewers: to copy, as a code for phones, and to look at as a viewer. */
export function ViewersLink({ sessionId, open }: Props) {
  const address = viewersLink(sessionId);
  return (
    <div className="viewers-link">
      <ViewersCode address={address} />
      <div className="viewers-words">
        <LinkField address={address} />
        <p className="muted small">{t(open ? "viewers.open" : "viewers.later")}</p>
        <CopyButton address={address} />
        {open && <ExternalLink href={address}>{t("viewers.see")}</ExternalLink>}
      </div>
    </div>
  );
}

/** Selected whole by one click: where the browser does not let a page copy, a person can. */
function LinkField({ address }: { address: string }) {
  return (
    <input
      className="input viewers-address"
      aria-label={t("viewers.link")}
      readOnly
      value={address}
      onFocus={(event) => event.currentTarget.select()}
    />
  );
}

export function CopyButton({ address, small = true }: { address: string; small?: boolean }) {
  const [copied, setCopied] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const copy = async () => {
    if (!(await written(address))) return;
    setCopied(true);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setCopied(false), COPIED_MS);
  };
  const Mark = copied ? Check : Copy;
  return (
    <>
      <Button small={small} icon={<Mark aria-hidden />} onPress={copy}>{t(copied ? "viewers.copied" : "viewers.copy")}</Button>
      <span className="visually-hidden" role="status">{copied ? t("viewers.copied") : ""}</span>
    </>
  );
}

/** Copies a text. Pages on plain http have no clipboard, so the old way follows. */
async function written(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const field = document.querySelector<HTMLInputElement>(".viewers-address");
    field?.select();
    return field !== null && document.execCommand("copy");
  }
}
