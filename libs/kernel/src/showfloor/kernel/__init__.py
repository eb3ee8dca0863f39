"""Ids, money, events, deciders and refusals: the words every service shares."""
