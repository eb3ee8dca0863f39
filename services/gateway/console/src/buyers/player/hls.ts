// Plays HTTP Live Streaming where the browser does not do so itself. A chunk of its own: only a LIVE with a stream loads it.

import Hls from "hls.js/light";

/** Plays a playlist; `lost` is told when it cannot go on. Returns how to stop. */
export function playHls(video: HTMLVideoElement, address: string, lost: () => void): () => void {
  const hls = new Hls({ enableWorker: false }); // a worker from a blob is against the page's policy
  hls.on(Hls.Events.ERROR, (_event, { fatal }) => {
    if (fatal) lost();
  });
  hls.loadSource(address);
  hls.attachMedia(video);
  return () => hls.destroy();
}
