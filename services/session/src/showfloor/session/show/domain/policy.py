"""The numbers of today's platform guides that rules go by. Configurable; these are the defaults."""

from datetime import datetime, timedelta

import msgspec

from showfloor.metrics.days import after_whole_days


class SuggestionPolicy(msgspec.Struct, frozen=True, kw_only=True):
    """When a move of the numbers is worth a word to the host."""

    window: int = 10  # minutes judged, against as many before
    least: int = 3  # minutes between two features that say anything about the first
    fall: float = 0.2  # a metric falls when it loses this share, or more
    worthwhile: float = 0.5  # a giveaway is worthwhile when it raises orders by this share
    steady: float = 0.1  # views are steady while they lose no more than this share


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """Limits of our own sessions. Imported history and recordings are never measured by `bag_limit` (D13)."""

    bag_limit: int = 100
    clock_slack: timedelta = timedelta(seconds=2)  # how far a reporter's clock may be ahead of ours
    replay_kept: timedelta = timedelta(days=30)  # after the session's end (D9)
    detail_days: int = 92  # whole reporting days after the session's end (D9); then only daily totals stay
    report_after: timedelta = timedelta(seconds=30)  # from the end to the final report: late signals count
    restate_every: timedelta = timedelta(minutes=5)  # what is told after the report changes it together
    minutes_open: timedelta = timedelta(minutes=5)  # as long as signals of a minute that is over are taken
    finish_after: timedelta = timedelta(seconds=2)  # how long a half-done command may wait for its second half
    quiet_after: timedelta = timedelta(minutes=10)  # without a sign of life a LIVE is shown as such
    end_quiet_after: timedelta = timedelta(hours=6)  # and ends, at the last sign
    attribution: timedelta = timedelta(hours=24)  # after the end, for orders outside the room
    reservation: timedelta = timedelta(minutes=15)  # to pay an order that was placed (D16)
    test_checkout: bool = False  # whether viewers may pretend to pay; what they pay is labelled as simulated (D16)
    suggestions: SuggestionPolicy = SuggestionPolicy()

    def details_until(self, over_at: datetime) -> datetime:
        """Return when comments and metrics of a session that was over at a moment of the real clock expire."""
        return after_whole_days(over_at, self.detail_days)
