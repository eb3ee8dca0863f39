// Adds the start as the reader's own clocks show it. The page says it in two zones without this.
for (const place of document.querySelectorAll("[data-local-time]")) {
  const start = new Date(place.dataset.localTime);
  if (!Number.isNaN(start.getTime())) {
    const shown = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "short" }).format(start);
    place.textContent = `${place.dataset.words} ${shown}`;
    place.hidden = false;
  }
}
