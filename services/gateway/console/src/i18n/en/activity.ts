// The stream of what happens.

export const activity = {
  activity: "Activity",
  "activity.kind": "Kind of activity",
  "activity.all": "All activity",
  "activity.comment": "Comments",
  "activity.comment-general": "General comments",
  "activity.comment-product": "Product comments",
  "activity.order": "Orders",
  "activity.follow": "Follows",
  "activity.gift": "Gifts",
  "activity.none": "Nothing has happened yet.",
  "activity.none-then": "Nothing of this kind in this time.",
  "activity.none-of": "Nothing of this kind has happened yet.",
  "activity.older": "Show older",
  "activity.smaller": "Smaller text",
  "activity.larger": "Larger text",
  "activity.followed": "followed the account",
  "activity.about-product": "product",
} as const;
