import { base } from "./base";

const live = (sessionId: string, step: string) => `${base}live/${encodeURIComponent(sessionId)}/${step}`;

/** Opens the board of a session in a window of its own, or brings that window to the front. */
export function openBoard(sessionId: string): void {
  const address = live(sessionId, "board");
  const board = window.open(address, `showfloor-board-${sessionId}`, "popup,width=1440,height=900");
  // A browser that blocks windows still gets the board, here.
  if (board) board.focus();
  else location.assign(address);
}

/** Opens a session that is on air in a window of its own, as large as the screen. False when the browser blocks it. */
export function openLive(sessionId: string, camera: boolean): boolean {
  const { availWidth, availHeight } = window.screen;
  const address = live(sessionId, `air?own=true&camera=${camera}`);
  const features = `popup,left=0,top=0,width=${availWidth},height=${availHeight}`;
  const opened = window.open(address, `showfloor-live-${sessionId}`, features);
  opened?.focus();
  return opened !== null;
}
