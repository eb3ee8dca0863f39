export const VIEWS = ["day", "week", "month"] as const;
export type View = (typeof VIEWS)[number];

/** What the address says of the calendar; what makes no sense in it is left out. */
export interface Place {
  view?: View;
  day?: string;
  /** The event whose panel is open. */
  event?: string;
  /** A new event is being planned. */
  plan?: true;
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;

export const placeOf = (search: Record<string, unknown>): Place => ({
  view: VIEWS.find((one) => one === search["view"]),
  day: typeof search["day"] === "string" && DAY.test(search["day"]) && !Number.isNaN(Date.parse(search["day"])) ? search["day"] : undefined,
  event: typeof search["event"] === "string" ? search["event"] : undefined,
  plan: search["plan"] === true || undefined,
});
