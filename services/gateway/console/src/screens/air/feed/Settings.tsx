import { Button, Disclosure, DisclosurePanel, Heading } from "react-aria-components";
import { t } from "../../../i18n";
import { FieldFrame } from "../../../ui/Field";
import { part } from "../../../ui/part";
import type { ChooseProps } from "./Choose";
import { isNamed, isObs } from "./inputs";
import type { Capture } from "./useCapture";

const Choose = part<ChooseProps>(() => import("./Choose").then((file) => file.Choose), ({ label }) => (
  <div className="field"><FieldFrame label={label}><span className="input" /></FieldFrame></div>
));

/** Below this height of the window the picture needs the room more. */
const ROOMY = "(min-height: 840px) and (min-width: 1181px)";

export interface SettingsProps {
  capture: Capture;
  folded: boolean;
}

/** Which camera and microphone, and what to know about software cameras. */
export function Settings({ capture, folded }: SettingsProps) {
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
