"""Codes of the signal stream: what a viewer did, how a viewer came, what is known about a viewer.

Codes are eternal: they lie in stored batches. They are the numbers of the enums `SignalKind` and `Channel` in
the protos; a test holds the two together.
"""

from enum import IntEnum
from typing import Final


class Kind(IntEnum):
    """What a viewer did."""

    IMPRESSION = 1  # the LIVE was shown outside the room
    ENTER = 2
    LEAVE = 3
    PRODUCT_IMPRESSION = 4
    PRODUCT_CLICK = 5
    LIKE = 6
    SHARE = 7
    PRESENCE = 8  # the viewer is still here: seen in the room at that time


class Channel(IntEnum):
    """How a viewer found the LIVE."""

    UNKNOWN = 0
    FEED = 1
    PROMOTED = 2
    FOLLOWING = 3
    SEARCH = 4
    SHOP = 5
    PROFILE = 6
    SHARE = 7
    OTHER = 8


KINDS: Final = len(Kind) + 1  # codes below this are in use; 0 is "not set"
CHANNELS: Final = len(Channel)

NOT_KNOWN: Final = "not known"

# Bits of a viewer's trait byte: dimension -> (shift, mask, words by code). Code 0 is always "not known".
TRAITS: Final[dict[str, tuple[int, int, tuple[str, ...]]]] = {
    "gender": (0, 0b11, (NOT_KNOWN, "female", "male", "other")),
    "age_band": (2, 0b111, (NOT_KNOWN, "18-24", "25-34", "35-44", "45-54", "55+")),
    "follower": (5, 0b11, (NOT_KNOWN, "no", "yes")),
}
DIMENSIONS: Final = ("follower", "gender", "age_band", "region")
