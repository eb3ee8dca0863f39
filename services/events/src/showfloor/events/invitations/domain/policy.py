"""The numbers that invitations go by."""

from datetime import timedelta

import msgspec


class InvitationPolicy(msgspec.Struct, frozen=True, kw_only=True):
    """Limits of invitations."""

    confirm_within: timedelta = timedelta(days=7)  # from asking: then the link is good no more, and one may ask again
    asking_within: timedelta = timedelta(days=1)  # in that time nobody is asked twice about an event
    most_asked: int = 10  # events that one address was asked about in that time
