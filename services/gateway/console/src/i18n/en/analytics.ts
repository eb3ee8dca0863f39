// Analytics of past sessions.

export const analytics = {
  "analytics.videos": "All LIVE videos",
  "analytics.none": "No LIVE has ended yet.",
  "analytics.featured": "Products featured",
} as const;
