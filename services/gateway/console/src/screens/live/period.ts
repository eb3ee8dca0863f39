export const PERIODS = ["all", "today", "7d", "28d", "90d", "own"] as const;
export type Period = (typeof PERIODS)[number];

const DAYS: Record<Period, number | null> = { all: null, own: null, today: 0, "7d": 7, "28d": 28, "90d": 90 };

/** Start of a period in the reader's own zone: midnight, so many days ago. Undefined for all time. */
export function periodStart(period: Period, now: Date = new Date()): string | undefined {
  const days = DAYS[period];
  if (days === null) return undefined;
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() - days).toISOString();
}
