import { type RefObject, useEffect, useState } from "react";
import type { Playback } from "../../api/types";

/** `away`: the picture has stopped, and is looked for again. */
export type Shown = "loading" | "playing" | "paused" | "away";

const STALLED_MS = 5_000;
const AGAIN_MS = 4_000;
const NATIVE = "application/vnd.apple.mpegurl";

type Stop = () => void;

async function play(video: HTMLVideoElement, { kind, url }: Playback, lost: () => void): Promise<Stop> {
  if (kind === "whep") return (await import("./whep")).playWhep(video, url, lost);
  if ("MediaSource" in window || "ManagedMediaSource" in window) return (await import("./hls")).playHls(video, url, lost);
  if (!video.canPlayType(NATIVE)) throw new Error("no player");
  video.src = url;
  return () => video.removeAttribute("src");
}

/** Plays a stream, and looks for it again whenever it stops. */
export function usePlayer(video: RefObject<HTMLVideoElement | null>, { kind, url }: Playback): Shown {
  const [shown, setShown] = useState<Shown>("loading");
  const [round, setRound] = useState(0);
  useEffect(() => {
    const on = video.current!;
    let stop: Stop | undefined;
    let over = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const after = (ms: number, then: () => void) => {
      clearTimeout(timer);
      timer = setTimeout(then, ms);
    };
    const lost = () => {
      setShown("away");
      after(AGAIN_MS, () => setRound((before) => before + 1));
    };
    const heard: Record<string, () => void> = {
      playing: () => {
        clearTimeout(timer);
        setShown("playing");
      },
      pause: () => setShown((before) => (before === "away" ? before : "paused")),
      waiting: () => after(STALLED_MS, lost),
      error: lost,
      canplay: () => void on.play().catch(() => setShown("paused")),
    };
    for (const [name, react] of Object.entries(heard)) on.addEventListener(name, react);
    play(on, { kind, url }, lost).then(
      (ready) => (over ? ready() : (stop = ready)),
      () => !over && lost(),
    );
    return () => {
      over = true;
      clearTimeout(timer);
      for (const [name, react] of Object.entries(heard)) on.removeEventListener(name, react);
      stop?.();
    };
  }, [video, kind, url, round]);
  return shown;
}
