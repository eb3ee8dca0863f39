// The frame around every screen of the console, and sign-in.

export const frame = {
  skip: "Skip to content",
  nav: "Main",
  "nav.sessions": "LIVE sessions",
  "nav.analytics": "Analytics",
  "nav.watch": "Watch",
  "sign-out": "Sign out",
  "not-found": "There is no such page.",
  "not-found.start": "Go to your LIVE sessions",
  "sign-in": "Sign in",
  "sign-in.email": "E-mail",
  "sign-in.password": "Password",
  "sign-in.link": "Signing you in …",
  "sign-in.hint": "Whoever runs this Showfloor can give you a one-time sign-in link.",
} as const;
