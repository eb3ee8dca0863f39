import { useState } from "react";
import type { GuideKind, GuideSummary } from "../../api/home";
import { named, t } from "../../i18n";
import { Card } from "../../ui/Card";
import { over } from "../../ui/over";
import type { GuideProps } from "./GuideSheet";

const GuideSheet = over<GuideProps>(() => import("./GuideSheet").then((file) => file.GuideSheet));

const KINDS: readonly GuideKind[] = ["tutorial", "example"];

/** Tutorials, and sessions told as examples; pressed, one opens beside the page. */
export function Guides({ guides }: { guides: readonly GuideSummary[] }) {
  const [open, setOpen] = useState<GuideSummary>();
  if (guides.length === 0) return null;
  return (
    <div className="home-learn">
      <Card title={t("home.guides")}>
        <div className="home-guides">
          {KINDS.map((kind) => (
            <section key={kind} aria-label={t(`home.${kind}s`)}>
              <h3>{t(`home.${kind}s`)}</h3>
              <ul className="home-list">
                {guides.filter((one) => one.kind === kind).map((one) => (
                  <li key={one.slug}>
                    <button type="button" className="home-guide" onClick={() => setOpen(one)}>
                      <strong>{one.title}</strong>
                      <span className="muted small">{one.summary}</span>
                      <span className="muted small">{[named("home.topic", one.topic, ""), t("home.guide-minutes", { n: one.minutes })].filter(Boolean).join(" · ")}</span>
                    </button>
                  </li>
                ))}
              </ul>
            </section>
          ))}
        </div>
        {open && <GuideSheet isOpen guide={open} onClose={() => setOpen(undefined)} />}
      </Card>
    </div>
  );
}
