"""The web console, as files that are served."""
