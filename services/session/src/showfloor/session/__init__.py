"""LIVE sessions: bag, comments, orders, signals and the LIVE Board."""
