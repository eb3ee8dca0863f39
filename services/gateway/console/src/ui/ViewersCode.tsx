import { t } from "../i18n";
import { qr } from "./qr";

const QUIET = 4; // modules around a code, which scanners need

/** An address as a code for phones. */
export function ViewersCode({ address }: { address: string }) {
  const { path, size } = qr(address);
  const side = size + 2 * QUIET;
  return (
    <svg className="viewers-code" viewBox={`${-QUIET} ${-QUIET} ${side} ${side}`} role="img" aria-label={t("viewers.code")} shapeRendering="crispEdges">
      <rect x={-QUIET} y={-QUIET} width={side} height={side} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}
