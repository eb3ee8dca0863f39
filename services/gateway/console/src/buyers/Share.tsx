import { useState } from "react";
import { t } from "../i18n";
import { qr } from "../ui/qr";
import { roomPath } from "./paths";
import { Sheet } from "./Sheet";

const QUIET = 4; // modules around a code, which scanners need

interface Props {
  sessionId: string;
  title: string;
  /** The address was taken elsewhere. */
  onShared: () => void;
  onClose: () => void;
}

/** The LIVE's address: as a code for another phone, to copy, and for whatever the browser shares with. */
export function Share({ sessionId, title, onShared, onClose }: Props) {
  const address = new URL(`${roomPath(sessionId)}?channel=share`, location.href).href;
  const [copied, setCopied] = useState(false);
  const { path, size } = qr(address);
  const side = size + 2 * QUIET;
  const copy = async () => {
    // A browser may forbid the clipboard; the address stands there, to be copied by hand.
    const done = await navigator.clipboard?.writeText(address).then(() => true, () => false);
    setCopied(Boolean(done));
    if (done) onShared();
  };
  const send = () => void navigator.share({ title, url: address }).then(onShared, () => undefined);
  return (
    <Sheet
      title={t("watch.share-live")}
      onClose={onClose}
      foot={
        <>
          {typeof navigator.share === "function" && <button type="button" className="cta cta-wide" onClick={send}>{t("watch.share-with")}</button>}
          <button type="button" className={typeof navigator.share === "function" ? "plain" : "cta cta-wide"} onClick={() => void copy()}>
            <span role="status">{t(copied ? "watch.shared" : "watch.copy")}</span>
          </button>
        </>
      }
    >
      <svg className="share-code" viewBox={`${-QUIET} ${-QUIET} ${side} ${side}`} role="img" aria-label={t("watch.code")} shapeRendering="crispEdges">
        <rect x={-QUIET} y={-QUIET} width={side} height={side} fill="#fff" />
        <path d={path} fill="#000" />
      </svg>
      <p className="hint">{t("watch.code-hint")}</p>
      <input className="share-address" aria-label={t("watch.address")} readOnly value={address} onFocus={(event) => event.currentTarget.select()} />
    </Sheet>
  );
}
