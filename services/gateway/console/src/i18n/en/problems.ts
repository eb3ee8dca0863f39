// Problems, by the code that the API answers.

export const problems = {
  "problem.unknown": "Something went wrong. Nothing was changed.",
  "problem.field": "{field}: {text}",
  "problem.request": "Request {id}",
  "problem.UNREACHABLE": "Showfloor cannot be reached. Check the connection and try again.",
  "problem.UNAVAILABLE": "Showfloor is busy or starting. Try again in a moment.",
  "problem.no-session": "There is no such LIVE. The address is incomplete or wrong.",
  "problem.SESSION_NOT_FOUND": "There is no such LIVE, or it is not yours to see.",
  "problem.SESSION_ENDED": "This LIVE has ended and can no longer be changed.",
  "problem.SESSION_NOT_LIVE": "This works only while the LIVE is on air.",
  "problem.ANOTHER_LIVE_RUNNING": "Another window or device is already streaming a LIVE of this account. End that one first.",
  "problem.NOT_IN_BAG": "That product is no longer in the bag: somebody has taken it out.",
  "problem.BAG_FULL": "The bag would hold more than 100 products. Nothing was added.",
  "problem.PRODUCT_NOT_FOUND": "One of these products is not in the catalogue. Nothing was added.",
  "problem.VERSION_CONFLICT": "Somebody else changed this meanwhile. Look at it again, then repeat your change.",
  "problem.DETAIL_EXPIRED": "Details are kept for three months after the end of a LIVE. Its totals stay.",
  "problem.QUEUE_FULL": "Too many are connected to Showfloor just now. It is tried again by itself.",
  "problem.STREAM_LOST": "The connection to Showfloor was lost. It is made again by itself.",
  "problem.RATE_LIMITED": "That was too fast. Wait a moment and try again.",
} as const;
