import Todo from "lucide-react/icons/circle-alert";
import Ready from "lucide-react/icons/circle-check";
import type { ReactNode } from "react";
import type { Session } from "../../../api/types";
import { t } from "../../../i18n";
import { CopyButton, viewersLink } from "../../../ui/ViewersLink";
import { Level } from "./Level";
import { type Check, CHECKS, missingOf } from "./preflight";
import type { Capture } from "./useCapture";

/** Before a LIVE: what is ready, what is missing, and what viewers will see. */
export function Preflight({ session, capture }: { session: Session; capture: Capture }) {
  const missing = missingOf(session, capture);
  const words: Record<Check, string> = {
    title: session.title,
    products: t("bag.set-size", { n: session.bag_size ?? 0 }),
    camera: nameOf(capture.inputs.cameras, capture.camera),
    microphone: nameOf(capture.inputs.microphones, capture.microphone),
  };
  return (
    <section className="preflight" aria-labelledby="preflight-title">
      <header className="preflight-head">
        <h3 id="preflight-title">{t("preflight")}</h3>
        <span className="muted small">{missing.length ? t("preflight.missing", { n: missing.length }) : t("preflight.ready")}</span>
      </header>
      <ul>
        {CHECKS.map((check) => (
          <Line key={check} name={t(`preflight.${check}`)} ready={!missing.includes(check)}>
            {missing.includes(check) ? t(`preflight.no-${check}`) : words[check]}
            {check === "microphone" && capture.stream && <Level stream={capture.stream} />}
          </Line>
        ))}
        <Line name={t("viewers.link")} ready>
          <span className="preflight-link">{viewersLink(session.session_id)}</span>
          <CopyButton address={viewersLink(session.session_id)} />
        </Line>
        <Line name={t("preflight.viewers")} ready>
          {t("preflight.viewers-see", { n: session.bag_size ?? 0 })}
        </Line>
      </ul>
    </section>
  );
}

const nameOf = (inputs: readonly { id: string; label: string }[], id: string) =>
  inputs.find((one) => one.id === id)?.label || t("preflight.on");

function Line({ name, ready, children }: { name: string; ready: boolean; children: ReactNode }) {
  const Mark = ready ? Ready : Todo;
  return (
    <li className={ready ? "check" : "check check-missing"}>
      <Mark size={16} aria-label={t(ready ? "preflight.is-ready" : "preflight.is-missing")} role="img" />
      <span className="check-name">{name}</span>
      <span className="check-words">{children}</span>
    </li>
  );
}
