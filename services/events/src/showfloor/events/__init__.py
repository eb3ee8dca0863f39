"""LIVE events: shows with a time of their own, planned in an account's schedule."""
