"""Minutes as whole numbers."""

from datetime import UTC, datetime


def minute_of(moment: datetime) -> int:
    """Return the Unix time in whole minutes."""
    return int(moment.timestamp()) // 60


def minute_start(minute: int) -> datetime:
    """Return the moment at which a minute starts."""
    return datetime.fromtimestamp(minute * 60, UTC)
