"""Projections of the directory."""
