// Plays WebRTC by WHEP: an offer is posted, the answer says where the session can be deleted.

const GATHER_MS = 1_000; // candidates that are found later are not waited for

function gathered(peer: RTCPeerConnection): Promise<void> {
  return new Promise((resolve) => {
    if (peer.iceGatheringState === "complete") resolve();
    peer.addEventListener("icegatheringstatechange", () => peer.iceGatheringState === "complete" && resolve());
    setTimeout(resolve, GATHER_MS);
  });
}

/** Plays an endpoint; `lost` is told when it cannot go on. Returns how to stop. */
export function playWhep(video: HTMLVideoElement, address: string, lost: () => void): () => void {
  const peer = new RTCPeerConnection();
  const stopped = new AbortController();
  let session = "";
  const end = () => void fetch(session, { method: "DELETE", keepalive: true }).catch(() => undefined);
  peer.addTransceiver("video", { direction: "recvonly" });
  peer.addTransceiver("audio", { direction: "recvonly" });
  peer.addEventListener("track", ({ streams }) => (video.srcObject = streams[0] ?? null));
  peer.addEventListener("connectionstatechange", () => peer.connectionState === "failed" && lost());

  async function begin() {
    await peer.setLocalDescription(await peer.createOffer());
    await gathered(peer);
    const headers = { "Content-Type": "application/sdp", Accept: "application/sdp" };
    const body = peer.localDescription?.sdp ?? "";
    const answer = await fetch(address, { method: "POST", headers, body, credentials: "omit", signal: stopped.signal });
    if (!answer.ok) throw new Error(`${answer.status}`);
    const place = answer.headers.get("Location");
    session = place ? new URL(place, address).href : "";
    if (stopped.signal.aborted && session) end();
    else await peer.setRemoteDescription({ type: "answer", sdp: await answer.text() });
  }
  begin().catch(() => !stopped.signal.aborted && lost());
  return () => {
    stopped.abort();
    peer.close();
    video.srcObject = null;
    if (session) end();
  };
}
