"""When to promote an event: 2 to 3 days before it (R104), unless it is promoted already."""

from datetime import datetime, timedelta
from typing import Final

FROM: Final = timedelta(days=3)


def is_to_promote(start_at: datetime, now: datetime, *, promoted: bool) -> bool:
    """Tell whether a host is reminded now: from 3 days before the start until then."""
    return not promoted and timedelta() < start_at - now <= FROM
