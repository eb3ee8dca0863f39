// The words of the parts in `src/ui`.

export const ui = {
  "ui.breadcrumbs": "Where you are",
  "ui.choose-file": "Choose a file",
  "ui.choose-files": "Choose files",
  "ui.clear-search": "Clear search",
  "ui.copied": "Copied",
  "ui.copy": "Copy: {name}",
  "ui.copy-short": "Copy",
  "ui.new-window": "opens in a new window",
  "ui.no-choice": "Nothing matches.",
  "ui.select-all": "Select all",
  "ui.select-row": "Select {name}",
  "viewers.link": "Viewers’ link",
  "viewers.share": "Share",
  "viewers.code": "Code of the viewers’ link, for a phone’s camera",
  "viewers.open": "Anyone with this link can watch.",
  "viewers.later": "Share it now. Viewers can come in once you are LIVE.",
  "viewers.copy": "Copy link",
  "viewers.copied": "Copied",
  "viewers.see": "See as viewer",
} as const;
