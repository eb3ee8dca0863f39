// The words of the parts in `src/ui`.

export const ui = {
  "ui.breadcrumbs": "Where you are",
  "ui.choose-file": "Choose a file",
  "ui.choose-files": "Choose files",
  "ui.clear-search": "Clear search",
  "ui.new-window": "opens in a new window",
  "ui.no-choice": "Nothing matches.",
  "ui.select-all": "Select all",
  "ui.select-row": "Select {name}",
} as const;
