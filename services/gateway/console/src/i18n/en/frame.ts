// The frame around every screen of the console, and sign-in.

export const frame = {
  nav: "Main",
  "nav.sessions": "LIVE sessions",
  "nav.on-air": "On air",
  "nav.past": "Past",
  "nav.analytics": "Analytics",
  "sign-out": "Sign out",
  "not-found": "There is no such page.",
  "not-found.start": "Go to your LIVE sessions",
  "sign-in": "Sign in",
  "sign-in.email": "E-mail",
  "sign-in.password": "Password",
  "sign-in.link": "Signing you in …",
  "sign-in.hint": "Whoever runs this Showfloor can give you a one-time sign-in link.",
} as const;
