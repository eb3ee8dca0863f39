"""Views of the gateway: lists it keeps of what other services tell."""
