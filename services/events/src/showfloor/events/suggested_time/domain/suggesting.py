"""Which weekday and hour to begin at, and how long to stay: from the account's own LIVEs, or a reason why not.

An hour of the week is suggested only when all of this holds:

1. The history has `least_sessions` LIVEs of `least_minutes` or more; shorter ones were tries. A figure that fewer of
   them have is left out.
2. In weeks that were not looked at, the hour explains `least_explained` of the ups and downs, as the mean over the
   figures (`week_grid.explained`). Most accounts fail here: what is on sale matters more than when.
3. `least_in_slot` LIVEs began within an hour of it on that weekday, at least one of them in that very hour.
4. Of these the plain mean of every figure lies above the account's: anybody can check it.

Of what is left the best is taken: the mean over the figures of the estimates in standard deviations
(`week_grid.estimates`). The duration is the median of the LIVEs around it, to a quarter of an hour.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from statistics import median
from typing import Final, Literal

import msgspec

from showfloor.events.suggested_time.domain.past_live import FIGURES, PastLive, mean_of
from showfloor.events.suggested_time.domain.week_grid import (
    HOURS,
    Point,
    Smoothing,
    estimates,
    explained,
    logged,
    near,
    slot_of,
)

SHORTEST, LONGEST, STEP = 30, 780, 15  # minutes: what an event may take, and to what a suggestion is rounded
NOTICE: Final = timedelta(hours=2)  # what is suggested can still be planned on a phone

Reason = Literal["history_too_thin", "no_pattern", "no_time_stands_out"]


class SuggestionPolicy(msgspec.Struct, frozen=True, kw_only=True):
    """From when on a history says enough."""

    least_sessions: int = 20
    least_in_slot: int = 3
    least_minutes: int = 10
    least_explained: float = 0.05
    most_sessions: int = 500  # the newest
    smoothing: Smoothing = Smoothing()


class Compared(msgspec.Struct, frozen=True):
    """A figure of the registry: its plain mean around the suggested start, and over the whole history."""

    metric: str
    there: float
    account: float


class Suggestion(msgspec.Struct, frozen=True, kw_only=True):
    """A start by weekday (0 is Monday) and hour in the zone that was asked for, and what it rests on."""

    weekday: int
    hour: int
    duration_minutes: int
    sessions: int  # that began within an hour of it
    explained: float  # share of the ups and downs, see `week_grid.explained`
    evidence: tuple[Compared, ...]


class NoSuggestion(msgspec.Struct, frozen=True):
    """Why there is none."""

    reason: Reason


def counted(lives: Sequence[PastLive], policy: SuggestionPolicy) -> list[PastLive]:
    """Return the LIVEs that count: the newest of those that were no tries."""
    long = [live for live in lives if live.hours * 60 >= policy.least_minutes]
    return sorted(long, key=lambda live: live.started_at)[-policy.most_sessions :]


def suggest(lives: Sequence[PastLive], zone: tzinfo, policy: SuggestionPolicy) -> Suggestion | NoSuggestion:
    """Return the best start and duration by the LIVEs that count, in `zone`, or why there is none."""
    if len(lives) < policy.least_sessions:
        return NoSuggestion("history_too_thin")
    slots = [_slot(live, zone) for live in lives]
    figures = {name: points for name in FIGURES if len(points := _points(name, lives, zone)) >= policy.least_sessions}
    if not figures:
        return NoSuggestion("history_too_thin")
    shares = [share for one in figures.values() if (share := explained(one, policy.smoothing)) is not None]
    share = sum(shares) / len(shares) if shares else 0.0
    if share < policy.least_explained:
        return NoSuggestion("no_pattern")
    scores = {name: estimates(points, policy.smoothing) for name, points in figures.items()}
    candidates: list[tuple[float, int, list[PastLive], tuple[Compared, ...]]] = []
    for slot in range(HOURS):
        around = [live for live, at in zip(lives, slots, strict=True) if near(slot, at)]
        evidence = _evidence(list(figures), around, lives)
        if len(around) >= policy.least_in_slot and slot in slots and all(one.there > one.account for one in evidence):
            score = sum(of.get(slot, 0.0) for of in scores.values()) / len(scores)
            candidates.append((score, slot, around, evidence))
    if not candidates:
        return NoSuggestion("no_time_stands_out")
    _, slot, around, evidence = max(candidates, key=lambda one: (one[0], -one[1]))
    weekday, hour = divmod(slot, 24)
    return Suggestion(
        weekday=weekday,
        hour=hour,
        duration_minutes=_duration(around),
        sessions=len(around),
        explained=share,
        evidence=evidence,
    )


def next_start(suggestion: Suggestion, zone: tzinfo, now: datetime) -> datetime:
    """Return the next moment of a suggested start, in the zone: NOTICE ahead, on a day whose clocks show it."""
    today = now.astimezone(zone).date()
    days = (suggestion.weekday - today.weekday()) % 7
    for ahead in range(days, days + 28, 7):
        day = today + timedelta(days=ahead)
        start = datetime(day.year, day.month, day.day, suggestion.hour, tzinfo=zone)
        shown = start.astimezone(UTC).astimezone(zone)
        if shown.hour == suggestion.hour and start.astimezone(UTC) >= now + NOTICE:
            return start
    raise AssertionError("no zone leaves out the same hour four weeks in a row")


def _slot(live: PastLive, zone: tzinfo) -> int:
    local = live.started_at.astimezone(zone)
    return slot_of(local.weekday(), local.hour)


def _points(figure: str, lives: Sequence[PastLive], zone: tzinfo) -> list[Point]:
    mean = mean_of(figure, lives) or 0.0
    return [
        Point(_slot(live, zone), logged(value, mean), live.started_at.astimezone(zone).isocalendar()[:2])
        for live in lives
        if (value := FIGURES[figure](live)) is not None
    ]


def _evidence(figures: Sequence[str], around: Sequence[PastLive], lives: Sequence[PastLive]) -> tuple[Compared, ...]:
    pairs = ((name, mean_of(name, around), mean_of(name, lives)) for name in figures)
    return tuple(Compared(name, there or 0.0, account or 0.0) for name, there, account in pairs)


def _duration(lives: Sequence[PastLive]) -> int:
    minutes = median(live.hours * 60 for live in lives)
    return max(SHORTEST, min(LONGEST, round(minutes / STEP) * STEP))
