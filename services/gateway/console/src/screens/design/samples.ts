// What the parts show on the page of the design system: things as a seller names them, so data, and in no catalogue.

import type { Choice } from "../../ui/Choice";

export const PAGE = { title: "Design system", facts: "Every part in its states", theme: "Theme", density: "Density" };

export const NAMES = {
  actions: "Actions", fields: "Fields", choices: "Choices", data: "Data", words: "Words and marks", waiting: "Waiting and empty", over: "What opens over the page",
} as const;

export const WORDS = {
  save: "Save changes", pay: "Mark as paid", remove: "Remove product", quiet: "Not now", small: "Copy link", busy: "Sending", off: "Cannot be pressed",
  pressed: "Pressed", slow: "Slow", again: "Larger", pin: "Pin product", key: "P", title: "Title", titleHint: "Viewers read it first.",
  tooLong: "This title is already taken.", reply: "Reply", email: "E-mail", price: "Price", priceHint: "What a viewer pays.", stock: "Stock",
  search: "Search products", placeholder: "Linen overshirt", start: "First day", clock: "Begins at", end: "Last day", period: "Period", account: "Account", find: "Find a country",
  notify: "Tell followers", notifyHint: "They get one message.", agree: "Keep a recording", some: "Some of them", payout: "Payout",
  filter: "Filter orders", view: "View", products: "Products", help: "What is GMV?", helpText: "The value of everything that was ordered, before refunds and cancellations.",
  gmv: "GMV", viewers: "Viewers now", rate: "Conversion", missing: "Nobody has clicked yet.", delta: "+12.5%", drop: "−3.1%", against: "vs usual", asOf: "14:51:05",
  saved: "Saved", refused: "This could not be saved.", tell: "Tell", tellBad: "Tell a refusal", menu: "More", menuName: "Actions for a product", edit: "Edit", copy: "Duplicate", archive: "Archive",
  dialog: "Open dialog", dialogTitle: "Rename LIVE", sheet: "Open sheet", bottom: "Open from below", sheetTitle: "Linen overshirt, sand", confirm: "End LIVE",
  confirmTitle: "End this LIVE?", confirmText: "Viewers see the end at once. A LIVE that ended cannot go on.", popover: "Share", popoverName: "Share this LIVE", popoverText: "Everybody with the link can watch.",
  empty: "No products yet. Add the first one or bring a file.", add: "Add product", file: "Drop a CSV file here", fileHint: "Up to 5 MB", import: "Importing products", importText: "120 of 300 rows",
  unknown: "Preparing", infoTitle: "A newer version is here", info: "Load the page again to use it.", good: "The import is done.", warn: "Stock is low for 3 products.", badTitle: "No connection", bad: "What you press now is kept and sent once.",
  link: "Open the catalogue", out: "The shop's own page", first: "LIVE", second: "Past", here: "Autumn drop: home and audio", tab: "Overview", tab2: "Orders", chart: "GMV over 12 minutes", table: "Products of this LIVE",
  chosen: "chosen", person: "Mariana Souza", person2: "Aylin", person3: "阿明", shown: "50 of 312", facts: "Facts", host: "Host", length: "Length", lasted: "1 h 24 min", nothing: "No order yet.", none: "—",
} as const;

export const TONES = ["neutral", "accent", "good", "warn", "bad", "info", "live", "on-air"] as const;
export const SERIES = [4, 6, 5, 9, null, 8, 12, 11, 15, 13, 18, 21];

export const PERIODS: Choice[] = [
  { id: "7", text: "Last 7 days" },
  { id: "30", text: "Last 30 days" },
  { id: "own", text: "Own dates", hint: "Choose both days" },
  { id: "year", text: "This year", isDisabled: true },
];

export const COUNTRIES: Choice[] = [
  { id: "br", text: "Brazil", group: "Americas" },
  { id: "mx", text: "Mexico", group: "Americas" },
  { id: "th", text: "Thailand", group: "Asia" },
  { id: "vn", text: "Việt Nam", group: "Asia" },
];

export const STATES: Choice[] = [
  { id: "paid", text: "Paid" },
  { id: "open", text: "Not paid" },
  { id: "refunded", text: "Refunded" },
];

export const VIEWS: Choice[] = [
  { id: "list", text: "List" },
  { id: "grid", text: "Grid" },
  { id: "map", text: "Map", isDisabled: true },
];

export interface Good {
  id: string;
  title: string;
  reference: string;
  price: string;
  stock: number;
  sold: number;
}

export const GOODS: Good[] = [
  { id: "1", title: "Linen overshirt, sand", reference: "SKU-1", price: "€49.00", stock: 120, sold: 31 },
  { id: "2", title: "Cold brew kit with two filters", reference: "SKU-2", price: "€34.50", stock: 8, sold: 112 },
  { id: "3", title: "Wireless earbuds S3", reference: "SKU-3", price: "€89.90", stock: 0, sold: 64 },
];

export const COLUMNS = { title: "Product", reference: "Reference", price: "Price", stock: "Stock", sold: "Sold" };
