"""Serves the built files of the web console."""
