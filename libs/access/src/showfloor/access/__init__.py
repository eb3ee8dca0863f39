"""Actors, tokens and Cedar policies."""
