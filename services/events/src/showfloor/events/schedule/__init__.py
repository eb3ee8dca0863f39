"""When an account goes LIVE: its events, their sessions, and where each stands."""
