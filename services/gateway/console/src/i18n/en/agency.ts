// What an agency sees of those who work with it.

export const agency = {
  "agency.about": "Who works with {name}: what is on air, what came last, what comes next.",
  "agency.count": "{n, plural, one {# creator} other {# creators}}",
  "agency.search": "Search by name",
  "agency.creator": "Creator",
  "agency.now": "On air",
  "agency.not-now": "Not on air",
  "agency.last": "Last LIVE",
  "agency.last-none": "None yet",
  "agency.next": "Next",
  "agency.next-none": "Nothing planned",
  "agency.next-more": "{n, plural, one {and # more} other {and # more}}",
  "agency.none": "No creator works with you yet",
  "agency.none-hint": "Once a creator accepts your offer to work together, they stand here with their LIVEs.",
  "agency.none-found": "No creator matches.",
  "agency.not": "This page is for agencies",
  "agency.not-hint": "Choose an agency where you work to see its creators.",
} as const;
