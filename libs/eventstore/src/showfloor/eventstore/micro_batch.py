"""The micro-batch delay: how long a loop lets work gather between two rounds.

A round over ten events costs hardly more than one over a single event. A delay in proportion to the last round costs a
quick machine little latency, and lets a busy one, whose rounds take longer, gather more.
"""

_SHARE = 2.0  # times what the round took
MAX_DELAY = 0.02  # seconds from one round's beginning to the next's: to gather for longer saves nothing more


def delay_after(took: float) -> float:
    """Return how many seconds to wait after a round of `took` seconds."""
    return max(0.0, min(_SHARE * took, MAX_DELAY - took))
