// Comments and suggestions.

export const talk = {
  "comments.later": "You can write once you practise or are LIVE.",
  "comments.reply": "Reply",
  "comments.reply-to": "Reply to {name}",
  "comments.in-reply": "to {name}",
  "comments.answers": "to {name}: {text}",
  "comments.replying": "Replying to {name}: {text}",
  "comments.pin": "Pin to top",
  "comments.unpin": "Take down",
  "comments.pin-of": "Pin to top: comment of {name}",
  "comments.unpin-of": "Take down: comment of {name}",
  "comments.write": "Write to everyone",
  suggestions: "Suggestions",
  "suggestions.none": "Nothing to suggest right now.",
  "suggestions.none-hint": "Showfloor speaks up when sales or clicks fall although viewers come.",
  "suggestions.unknown": "This Showfloor gives no suggestions.",
  "suggestions.time": "{from} – {until}",
} as const;
