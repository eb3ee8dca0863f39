"""Projections: tables, and how events change them."""
