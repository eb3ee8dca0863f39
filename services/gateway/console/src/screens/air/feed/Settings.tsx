import { Button, Disclosure, DisclosurePanel, Heading } from "react-aria-components";
import { t } from "../../../i18n";
import { Select } from "../../../ui/Select";
import { type Input, isNamed, isObs } from "./inputs";
import type { Capture } from "./useCapture";

/** Below this height of the window the picture needs the room more. */
const ROOMY = "(min-height: 840px) and (min-width: 1181px)";

/** Which camera and microphone, and what to know about software cameras. */
export function Settings({ capture, folded }: { capture: Capture; folded: boolean }) {
  const { cameras, microphones } = capture.inputs;
  const camera = cameras.find((one) => one.id === capture.camera);
  return (
    <Disclosure className="feed-settings" defaultExpanded={!folded && window.matchMedia(ROOMY).matches}>
      <Heading level={3}>
        <Button slot="trigger" className="feed-settings-head">
          <span aria-hidden="true" className="chevron" /> {t("feed.settings")}
        </Button>
      </Heading>
      <DisclosurePanel className="feed-settings-body">
        {isNamed(capture.inputs) ? (
          <div className="row">
            <Choose label={t("feed.camera")} none={t("feed.no-camera")} inputs={cameras} value={capture.camera} onChange={capture.chooseCamera} />
            <Choose label={t("feed.microphone")} none={t("feed.no-microphone")} inputs={microphones} value={capture.microphone} onChange={capture.chooseMicrophone} />
          </div>
        ) : (
          <p className="muted small">{t("feed.unnamed")}</p>
        )}
        {camera && isObs(camera) && <p className="feed-obs small">{t("feed.obs-chosen")}</p>}
        <ul className="feed-notes muted small">
          <li>{t("feed.note-key")}</li>
          <li>{t("feed.note-audio")}</li>
          <li>{t("feed.note-support")}</li>
          <li>{t("feed.note-picture")}</li>
        </ul>
      </DisclosurePanel>
    </Disclosure>
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
