// Analytics of past sessions.

export const analytics = {
  "analytics.videos": "All LIVE videos",
  "analytics.none": "No LIVE has ended yet.",
  "analytics.featured": "Products featured",
  "analytics.days": "Days are counted in UTC−8 all year.",
  "analytics.last": "{n, number} days",
  "analytics.before": "vs. before",
  "analytics.overview-none": "No LIVE ended in this time. Once one has, its totals stand here.",
  "analytics.trend": "Trend",
  "analytics.by-days": "{n, plural, one {A bar for each day} other {A bar for each # days}}",
  "analytics.bar": "{date}: {value}",
  "analytics.best": "Best LIVEs by GMV",
  "analytics.accounts": "By account",
  "analytics.products-hint": "Units sold in all LIVEs of the shop.",
  "analytics.no-shop": "You work for no shop.",
  "analytics.category": "Category",
  "analytics.label": "Label",
  "analytics.price": "Price",
  "analytics.stock": "Stock",
} as const;
