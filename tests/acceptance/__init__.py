"""Tests of the whole, through its own command and its API. A package: what they share lasts as long as it."""
