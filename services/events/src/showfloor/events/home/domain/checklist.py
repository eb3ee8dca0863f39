"""The checklist for success: what the account has really done of late, from facts alone.

Practice is private to the session service, so practising is not on it.
"""

from collections.abc import Mapping, Set
from datetime import datetime, timedelta
from typing import Final, Literal

import msgspec

Deed = Literal[
    "schedule_event", "promote_event", "go_live", "stay_on_air", "show_products", "pin_product", "answer_viewers"
]
# In the order in which a host does them.
DEEDS: Final[tuple[Deed, ...]] = (
    "schedule_event",
    "promote_event",
    "go_live",
    "stay_on_air",
    "show_products",
    "pin_product",
    "answer_viewers",
)  # fmt: skip
LONG: Final = timedelta(minutes=30)  # on air, so that viewers find it
FEW: Final = 2  # products: enough to compare


class Item(msgspec.Struct, frozen=True):
    """A deed, done within `lately` or lying ahead; `last_at` is when it was last done, None when never."""

    deed: Deed
    done: bool
    last_at: datetime | None


def checklist(last: Mapping[str, datetime], ahead: Set[str], now: datetime, lately: timedelta) -> list[Item]:
    """Return every deed. `last`: when each was done; `ahead`: what lies ahead, as a planned event does."""
    times = [(deed, last.get(deed)) for deed in DEEDS]
    return [Item(deed, deed in ahead or (at is not None and at > now - lately), at) for deed, at in times]
