/** Where the console lives, with a slash at its end: the gateway writes it into the page, so that any prefix works. */
export const base = typeof document === "undefined" ? "/" : new URL(document.baseURI).pathname;
