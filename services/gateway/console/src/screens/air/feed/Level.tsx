import { useEffect, useState } from "react";
import { t } from "../../../i18n";

const READ_MS = 100;
const SILENCE = 128;

/** How loud the microphone is: tells that it works before anybody listens. */
export function Level({ stream }: { stream: MediaStream }) {
  const [level, setLevel] = useState(0);
  useEffect(() => {
    if (stream.getAudioTracks().length === 0) return undefined;
    const context = new AudioContext();
    const analyser = context.createAnalyser();
    context.createMediaStreamSource(stream).connect(analyser);
    const wave = new Uint8Array(analyser.fftSize);
    const timer = setInterval(() => {
      analyser.getByteTimeDomainData(wave);
      setLevel(wave.reduce((most, one) => Math.max(most, Math.abs(one - SILENCE)), 0) / SILENCE);
    }, READ_MS);
    return () => {
      clearInterval(timer);
      void context.close();
    };
  }, [stream]);
  return (
    <label className="level muted small">
      {t("feed.level")} <meter min={0} max={1} value={level} />
    </label>
  );
}
