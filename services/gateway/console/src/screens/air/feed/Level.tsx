import { useEffect, useState } from "react";
import { t } from "../../../i18n";

const READ_MS = 100;
const SILENCE = 128;
/** From here on something was heard: a voice is louder, a room is not. */
const HEARD = 0.02;
const PATIENCE_MS = 4_000;

/** How loud the microphone is: tells that it works before anybody listens. */
export function Level({ stream }: { stream: MediaStream }) {
  const [level, setLevel] = useState(0);
  const silent = useSilence(stream, level);
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
    <>
      <label className="level muted small">
        {t("feed.level")} <meter min={0} max={1} value={level} />
      </label>
      <span className="level-silent small" role="status">{silent && t("feed.silent")}</span>
    </>
  );
}

/** Whether nothing was heard from the beginning: a microphone that is muted, or the wrong one. */
function useSilence(stream: MediaStream, level: number): boolean {
  const [heard, setHeard] = useState<MediaStream | null>(null);
  const [late, setLate] = useState<MediaStream | null>(null);
  if (level > HEARD && heard !== stream) setHeard(stream);
  useEffect(() => {
    const timer = setTimeout(() => setLate(stream), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [stream]);
  return late === stream && heard !== stream && stream.getAudioTracks().length > 0;
}
