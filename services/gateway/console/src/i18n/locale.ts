// Which language a person reads. `?locale=` holds for this window and those that it opens; the switch is remembered by the
// browser; the first time the browser's own languages decide.

/** English, accented and 40 % longer, made by code: shows what is not in the catalogue and what does not fit. */
export const PSEUDO = "en-XA";

const folders = Object.keys(import.meta.glob("./*/common.ts")).map((path) => path.split("/")[1]!);

/** The languages to choose from. The pseudo-locale is for who translates or tests. */
export const languages: readonly string[] = [...folders, PSEUDO];

const KEY = "showfloor.locale";
const inBrowser = typeof window !== "undefined";
const own: readonly string[] = inBrowser ? navigator.languages : [];
const base = (tag: string) => tag.split("-")[0]!;

function chosen(): string | null {
  const asked = new URLSearchParams(location.search).get("locale");
  try {
    if (asked !== null) sessionStorage.setItem(KEY, asked);
    return sessionStorage.getItem(KEY) ?? localStorage.getItem(KEY);
  } catch {
    return asked; // a browser that forbids storage
  }
}

/** The first wanted language that there is: exactly, or without its region; English if there is none. */
export function pick(wanted: readonly (string | null)[], known: readonly string[]): string {
  for (const tag of wanted) {
    if (tag === PSEUDO) return PSEUDO;
    const found = tag && (known.find((one) => one === tag) ?? known.find((one) => one === base(tag)));
    if (found) return found;
  }
  return "en";
}

export const language = inBrowser ? pick([chosen(), ...own], folders) : "en";

/** For numbers, money and dates: the reader's own variety of the language, such as en-GB. */
export const regional = language === PSEUDO ? "en" : (own.find((tag) => base(tag) === base(language)) ?? language);

/** A language by its own name: "Deutsch". */
export const nameOf = (tag: string) => new Intl.DisplayNames(tag, { type: "language" }).of(tag) ?? tag;

/** Read another language from now on. The page is loaded anew, so that nothing keeps a word of the former one. */
export function choose(tag: string): void {
  sessionStorage.removeItem(KEY);
  localStorage.setItem(KEY, tag);
  const address = new URL(location.href);
  address.searchParams.delete("locale");
  history.replaceState(history.state, "", address);
  location.reload();
}

const RIGHT_TO_LEFT = ["ar", "fa", "he", "ur"];

if (inBrowser) {
  document.documentElement.lang = language;
  document.documentElement.dir = RIGHT_TO_LEFT.includes(base(language)) ? "rtl" : "ltr";
}
