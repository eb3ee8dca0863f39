/** Opens the board of a session in a window of its own, or brings that window to the front. */
export function openBoard(sessionId: string): void {
  const address = `${location.pathname}${location.search}#/board/${encodeURIComponent(sessionId)}`;
  const board = window.open(address, `showfloor-board-${sessionId}`, "popup,width=1440,height=900");
  // A browser that blocks windows still gets the board, here.
  if (board) board.focus();
  else location.assign(address);
}
