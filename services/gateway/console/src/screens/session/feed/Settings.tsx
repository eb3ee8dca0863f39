import { t } from "../../../i18n";
import { Select } from "../../../ui/Fields";
import { isNamed, type Input } from "./inputs";
import { Level } from "./Level";
import type { Capture } from "./useCapture";

/** Which camera and microphone, and what to know about software cameras. */
export function Settings({ capture }: { capture: Capture }) {
  const { cameras, microphones } = capture.inputs;
  return (
    <section className="feed-settings" aria-labelledby="feed-settings">
      <h3 id="feed-settings">{t("feed.settings")}</h3>
      {isNamed(capture.inputs) ? (
        <div className="row">
          <Choose label={t("feed.camera")} none={t("feed.no-camera")} inputs={cameras} value={capture.camera} onChange={capture.chooseCamera} />
          <Choose label={t("feed.microphone")} none={t("feed.no-microphone")} inputs={microphones} value={capture.microphone} onChange={capture.chooseMicrophone} />
        </div>
      ) : (
        <p className="muted small">{t("feed.unnamed")}</p>
      )}
      {capture.stream && <Level stream={capture.stream} />}
      <ul className="feed-notes muted small">
        <li>{t("feed.note-key")}</li>
        <li>{t("feed.note-audio")}</li>
        <li>{t("feed.note-support")}</li>
        <li>{t("feed.note-picture")}</li>
      </ul>
    </section>
  );
}

interface ChooseProps {
  label: string;
  none: string;
  inputs: readonly Input[];
  value: string;
  onChange: (id: string) => void;
}

function Choose({ label, none, inputs, value, onChange }: ChooseProps) {
  if (inputs.length === 0) return <p className="muted small">{none}</p>;
  const choices = inputs.map(({ id, label: text }, place) => ({ id, text: text || `${label} ${place + 1}` }));
  return <Select label={label} value={value} choices={choices} onChange={onChange} />;
}
