"""How long a loop lets work gather between two rounds.

A round over ten events costs hardly more than one over a single event: resting saves work when much comes, and costs
latency when little does. A rest in proportion does both. A quick machine hardly waits; a busy one, whose rounds take
longer, gathers more.
"""

REST = 2.0  # times what the round took
MOST = 0.02  # seconds from one round's beginning to the next's: to gather for longer saves nothing more


def rest(took: float) -> float:
    """Return how many seconds to rest after a round of `took` seconds."""
    return max(0.0, min(REST * took, MOST - took))
