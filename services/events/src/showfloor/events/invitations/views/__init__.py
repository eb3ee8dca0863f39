"""Tables made of events."""
