// Analytics of past sessions.

export const analytics = {
  "analytics.path": "Analytics › LIVE analytics",
  "analytics.videos": "All LIVE videos",
  "analytics.none": "No LIVE has ended yet.",
  "analytics.back": "All LIVE videos",
  "analytics.details": "Details",
  "analytics.details-of": "Details of {title}",
  "analytics.said-and-sold": "Comments and orders",
  "analytics.dashboard": "View dashboard",
  "analytics.featured": "Products featured",
  "analytics.featured-none": "No product was featured.",
  "analytics.giveaways": "Giveaways",
  "analytics.giveaways-none": "Giveaways are not yet part of Showfloor.",
} as const;
