"""The numbers of today's platform guides that rules go by. Configurable; these are the defaults."""

from datetime import timedelta

import msgspec


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """Limits of LIVE events."""

    shortest: timedelta = timedelta(minutes=30)
    longest: timedelta = timedelta(hours=13)
    mobile_lead: timedelta = timedelta(hours=2)  # from making an event on a phone to its start
    furthest: timedelta = timedelta(days=365)  # from now to the start
    most_ahead: int = 200  # events of an account that are not over
    soon: timedelta = timedelta(minutes=10)  # before the start, when the console is set up
